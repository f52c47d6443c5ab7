/** What happens inside one process: JMH's benchmarks, and what objects weigh. */
package dev.ratchet.bench.micro;
