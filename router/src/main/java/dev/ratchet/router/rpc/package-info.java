/** The router's native port. */
package dev.ratchet.router.rpc;
