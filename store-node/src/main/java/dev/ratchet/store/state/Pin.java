package dev.ratchet.store.state;

/**
 * An operator wants a section at an incarnation, and kept there.
 *
 * @param namespaceId namespace
 * @param section section
 * @param incarnation the lease that should own it
 */
public record Pin(int namespaceId, int section, int incarnation) {}
