package dev.ratchet.store.raft;

import com.alipay.remoting.exception.DeserializationException;
import com.alipay.remoting.exception.SerializationException;
import com.alipay.remoting.serialization.Serializer;
import com.alipay.remoting.serialization.SerializerManager;

/**
 * Stands where Bolt would put Hessian, which makes objects of any class a caller names. Raft's own
 * messages are protobuf and don't come this way; whatever does is refused unread.
 */
final class RejectingSerializer implements Serializer {
  private RejectingSerializer() {}

  /** Takes Hessian's place in this process. */
  static void install() {
    SerializerManager.addSerializer(SerializerManager.Hessian2, new RejectingSerializer());
  }

  @Override
  public byte[] serialize(Object message) throws SerializationException {
    throw new SerializationException(
        "only Raft's protobuf messages are sent, not " + message.getClass().getName());
  }

  @Override
  @SuppressWarnings("TypeParameterUnusedInFormals") // Bolt's signature
  public <T> T deserialize(byte[] data, String className) throws DeserializationException {
    throw new DeserializationException(
        "only Raft's protobuf messages are accepted, not " + className);
  }
}
