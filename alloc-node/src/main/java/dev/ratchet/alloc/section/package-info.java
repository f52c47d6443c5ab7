/**
 * Numbers from memory: counters of a section, the window they may move in, and the sections held.
 */
package dev.ratchet.alloc.section;
