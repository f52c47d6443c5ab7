/** The benchmark: every figure against a rival or a floor, in pairs, on the machine it runs on. */
package dev.ratchet.bench;
