/** Namespaces, keys, and the one mapping from a key to its section that every part uses. */
package dev.ratchet.proto.key;
