/** The harness's tests, as JUnit runs them. */
@NullMarked
package dev.ratchet.jepsen;

import org.jspecify.annotations.NullMarked;
