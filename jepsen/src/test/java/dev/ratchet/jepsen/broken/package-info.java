/**
 * Broken builds of the server, for tests alone: an agent for the JVM of a node, {@code
 * -javaagent:ratchet-broken.jar=lease-ignored}, leaves one rule out by changing the class that
 * holds it as it is loaded. The product has no switch for any of it.
 */
@NullMarked
package dev.ratchet.jepsen.broken;

import org.jspecify.annotations.NullMarked;
