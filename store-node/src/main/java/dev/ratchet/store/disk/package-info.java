/** A node's own folder: whose it is, who holds it, and what happens when the disk fails. */
package dev.ratchet.store.disk;
