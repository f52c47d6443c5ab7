package dev.ratchet.proto.route;

import dev.ratchet.proto.message.OwnerInfo;
import org.jspecify.annotations.Nullable;

/**
 * Where a section is served.
 *
 * @param owner the living owner, null while nobody serves the section
 * @param epoch the section's epoch
 */
public record Route(@Nullable OwnerInfo owner, long epoch) {}
