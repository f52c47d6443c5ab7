package dev.ratchet.proto.wire;

/**
 * One frame of the native protocol. On the wire, big-endian: {@code int32 length} of what follows,
 * {@code uint8 version}, {@code uint8 call}, {@code uint8 type}, {@code uint8 reserved}, {@code
 * uint64 correlation}, {@code uint64 routeVersion}, then the message. Immutable; the body is
 * shared, not copied.
 *
 * @param call number of the call, see {@link dev.ratchet.proto.rpc.Calls}
 * @param type one of {@link #REQUEST}, {@link #REPLY}, {@link #ERROR}
 * @param correlation chosen by the caller, repeated in the answer
 * @param routeVersion version of the sender's route table, 0 if it has none
 * @param body the message's bytes
 */
@SuppressWarnings("ArrayRecordComponent") // frames are compared by nobody
public record Frame(int call, int type, long correlation, long routeVersion, byte[] body) {
  public static final int VERSION = 1;
  public static final int REQUEST = 0;
  public static final int REPLY = 1;
  public static final int ERROR = 2;

  /** Bytes of the header after the length field. */
  public static final int HEADER_BYTES = 20;
}
