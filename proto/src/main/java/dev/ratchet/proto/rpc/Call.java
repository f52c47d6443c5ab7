package dev.ratchet.proto.rpc;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * A kind of call: its number on the wire and the messages that go each way.
 *
 * @param number 1 to 255, never reused
 * @param name for logs and metrics
 */
public record Call<Q, R>(
    int number, String name, MessageSchema<Q> request, MessageSchema<R> reply) {}
