/** The table of a run, for people and for programs. */
package dev.ratchet.bench.report;
