package dev.ratchet.cli.backup;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The layout of a backup file: 8 bytes that say what it is, its version, then blocks, each {@code
 * [type][length of the body][body][CRC32C of all before it in the block]}, numbers big-endian. The
 * bodies are messages of {@code ratchet_admin.proto}.
 */
final class BackupFormat {
  /** First bytes of the file. */
  static final long MAGIC = 0x524154434845544BL; // RATCHETK, for "kept"

  static final int VERSION = 1;

  static final int HEAD = 1;
  static final int SECTIONS = 2;
  static final int END = 3;

  static final int PREAMBLE_BYTES = Long.BYTES + Integer.BYTES;
  static final int BLOCK_HEAD_BYTES = 2 * Integer.BYTES;
  static final int CRC_BYTES = Integer.BYTES;

  /** Largest body of a block. */
  static final int MAX_BODY_BYTES = 1 << 20;

  private BackupFormat() {}

  static byte[] preamble() {
    return ByteBuffer.allocate(PREAMBLE_BYTES).putLong(MAGIC).putInt(VERSION).array();
  }

  static byte[] block(int type, byte[] body) {
    ByteBuffer block = ByteBuffer.allocate(BLOCK_HEAD_BYTES + body.length + CRC_BYTES);
    block.putInt(type).putInt(body.length).put(body);
    return block.putInt(crc(block.array(), block.position())).array();
  }

  /** The checksum of a block's first bytes. */
  static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
