/** Drives a server through the native client, and takes throughput and latency. */
package dev.ratchet.bench.load;
