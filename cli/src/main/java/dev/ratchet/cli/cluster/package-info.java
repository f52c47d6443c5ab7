/** A local cluster of real processes: laid out, started, watched, hurt and stopped. */
package dev.ratchet.cli.cluster;
