/** Pairs of runs, their ratios, and what a ratio must reach. */
package dev.ratchet.bench.measure;
