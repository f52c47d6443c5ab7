/** redis-benchmark, the load generator of the rows about RESP. */
package dev.ratchet.bench.resp;
