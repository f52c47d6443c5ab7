/** The state's table in RocksDB, and checkpoints of it. */
package dev.ratchet.store.rocks;
