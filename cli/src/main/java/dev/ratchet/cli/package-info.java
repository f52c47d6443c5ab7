/** The {@code ratchet} command: its commands, exit codes and how it tells of errors. */
package dev.ratchet.cli;
