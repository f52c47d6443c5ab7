/** The rows of the table: what each starts, measures and asks for. */
package dev.ratchet.bench.row;
