/** Backups of a cluster as files, and the way there and back. */
package dev.ratchet.cli.backup;
