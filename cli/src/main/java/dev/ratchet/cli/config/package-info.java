/** Settings of a node, read strictly from YAML: every problem is named, all at once. */
package dev.ratchet.cli.config;
