/** The processes that are measured: started, watched, and ended with this one. */
package dev.ratchet.bench.process;
