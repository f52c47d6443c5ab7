package dev.ratchet.router.resp;

import dev.ratchet.proto.rpc.HostPort;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A Redis client made of a bare socket: it sends what it is told, right or wrong. */
final class RawClient implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  RawClient(HostPort address) throws IOException {
    socket = new Socket(address.host(), address.port());
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Sends bytes as they are, a character a byte. */
  void raw(String bytes) throws IOException {
    raw(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  void raw(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** Sends a command without waiting for its reply. */
  void send(String... words) throws IOException {
    raw(encode(words));
  }

  /** A command as an array of bulk strings, a character a byte. */
  static String encode(String... words) {
    StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return text.toString();
  }

  /** Sends a command, and reads its reply. */
  String call(String... words) throws IOException {
    send(words);
    return read();
  }

  /** Says that nothing more is sent. */
  void finish() throws IOException {
    socket.shutdownOutput();
  }

  /**
   * The next reply: its type's character and its text; {@code $nil}; arrays and maps in brackets.
   */
  String read() throws IOException {
    String line = line();
    char type = line.charAt(0);
    return switch (type) {
      case '$' -> bulk(Integer.parseInt(line.substring(1)));
      case '*' -> elements(Integer.parseInt(line.substring(1)));
      case '%' -> "%" + elements(2 * Integer.parseInt(line.substring(1)));
      default -> line;
    };
  }

  private String bulk(int length) throws IOException {
    if (length < 0) {
      return "$nil";
    }
    byte[] text = in.readNBytes(length + 2);
    return "$" + new String(text, 0, length, StandardCharsets.ISO_8859_1);
  }

  private String elements(int count) throws IOException {
    List<String> elements = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      elements.add(read());
    }
    return elements.toString();
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the connection was closed after '" + line + "'");
      }
      if (next == '\n') {
        return line.substring(0, line.length() - 1);
      }
      line.append((char) next);
    }
  }

  /** Whether the other side has closed; reads and drops what is still there. */
  boolean isClosed() throws IOException {
    try {
      in.readAllBytes();
      return true;
    } catch (java.net.SocketException reset) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
