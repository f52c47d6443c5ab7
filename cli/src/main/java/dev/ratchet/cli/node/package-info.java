/** Runs nodes in this process, from their start to a graceful stop. */
package dev.ratchet.cli.node;
