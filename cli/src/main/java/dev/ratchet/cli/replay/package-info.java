/** Replays a log of messages against a cluster and checks every number it gets. */
package dev.ratchet.cli.replay;
