/**
 * What both ends of a wire share: errors, limits, keys, messages, frames and the connections that
 * carry them. Nothing here decides who owns a section.
 */
package dev.ratchet.proto;
