/** What clusters on this machine share: their folder, their ports, their first namespaces. */
package dev.ratchet.cli.local;
