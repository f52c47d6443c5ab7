/** {@code ratchet dev}: a whole cluster in one process. */
package dev.ratchet.cli.dev;
