/** Commands that ask a running cluster: numbers, namespaces, status. */
package dev.ratchet.cli.call;
