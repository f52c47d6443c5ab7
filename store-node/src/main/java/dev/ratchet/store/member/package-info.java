/** Who the members of the store are, on which disks, and who may take part. */
package dev.ratchet.store.member;
