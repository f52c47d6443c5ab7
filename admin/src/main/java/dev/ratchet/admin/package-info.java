/** The admin port of every node: is it alive, is it ready, and its metrics. */
package dev.ratchet.admin;
