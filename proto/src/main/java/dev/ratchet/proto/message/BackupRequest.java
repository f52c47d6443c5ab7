package dev.ratchet.proto.message;

import dev.ratchet.proto.wire.MessageSchema;

/**
 * Reads a page of a backup.
 *
 * @param token the admin token
 * @param namespaceId namespace; 0 for the head, with all namespaces
 * @param first section to begin with
 */
public record BackupRequest(String token, int namespaceId, int first) implements AdminRequest {
  public static final MessageSchema<BackupRequest> SCHEMA =
      MessageSchema.of(BackupRequest.class)
          .string(1, "token", BackupRequest::token)
          .uint32(2, "namespace_id", BackupRequest::namespaceId)
          .uint32(3, "first", BackupRequest::first)
          .build(v -> new BackupRequest(v.string(1), v.int32(2), v.int32(3)));

  @Override
  public String toString() {
    return "BackupRequest[token="
        + HIDDEN
        + ", namespaceId="
        + namespaceId
        + ", first="
        + first
        + "]";
  }
}
