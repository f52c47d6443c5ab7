/**
 * The router's Redis port: RESP2 and RESP3. Requests are decoded, started at once, kept in order
 * for each key, and answered in the order they came.
 */
package dev.ratchet.router.resp;
