package dev.ratchet.store.state;

import java.nio.ByteBuffer;

/**
 * Keys of the table: a letter that says what it is, then big-endian numbers, so that neighbours in
 * the cluster are neighbours in the table.
 */
final class StateKeys {
  static final byte[] META = {'m'};
  static final byte[] MEMBERS = {'v'};
  static final byte[] RESTORE = {'r'};
  static final byte[] NAMESPACES = {'n'};
  static final byte[] LEASES = {'l'};
  static final byte[] SECTIONS = {'s'};
  static final byte[] PINS = {'p'};

  private StateKeys() {}

  static byte[] namespace(int id) {
    return key('n', id);
  }

  static byte[] lease(int incarnation) {
    return key('l', incarnation);
  }

  static byte[] section(int namespaceId, int section) {
    return key('s', namespaceId, section);
  }

  static byte[] pin(int namespaceId, int section) {
    return key('p', namespaceId, section);
  }

  static byte[] chunk(int namespaceId, int section, int chunk) {
    return key('h', namespaceId, section, chunk);
  }

  /** The number at a position, from 0, of a key. */
  static int number(byte[] key, int position) {
    return ByteBuffer.wrap(key).getInt(1 + position * Integer.BYTES);
  }

  private static byte[] key(char what, int... numbers) {
    ByteBuffer key = ByteBuffer.allocate(1 + numbers.length * Integer.BYTES);
    key.put((byte) what);
    for (int number : numbers) {
      key.putInt(number);
    }
    return key.array();
  }
}
