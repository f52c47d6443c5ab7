/**
 * The wire format: messages in the protobuf encoding by explicit schemas, in length-prefixed
 * frames.
 */
package dev.ratchet.proto.wire;
