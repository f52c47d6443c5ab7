/**
 * Who should own what, and whose lease is over, as the store's leader sees it. Pure: time enters as
 * an argument, in nanoseconds of a monotonic clock; commands come out, to be proposed by others.
 */
@NullMarked
package dev.ratchet.store.placement;

import org.jspecify.annotations.NullMarked;
