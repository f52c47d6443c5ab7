package dev.ratchet.testkit.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ratchet.proto.rpc.HostPort;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A Redis connection by hand, one command at a time. */
final class RespSocket implements AutoCloseable {
  private static final int CONNECT_MILLIS = 2_000;

  /** Longer than a router lets any command wait. */
  private static final int READ_MILLIS = 10_000;

  private final Socket socket;
  private final OutputStream out;
  private final BufferedReader in;

  /** An error reply. */
  static final class ErrorReplyException extends Exception {
    private static final long serialVersionUID = 1L;

    ErrorReplyException(String line) {
      super(line);
    }

    /** Its first word. */
    String prefix() {
      return String.valueOf(getMessage()).split(" ", 2)[0];
    }
  }

  RespSocket(HostPort address) throws IOException {
    socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(address.host(), address.port()), CONNECT_MILLIS);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(READ_MILLIS);
      out = socket.getOutputStream();
      in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** {@code INCR}: the number taken. */
  long incr(String key) throws IOException, ErrorReplyException {
    return Long.parseLong(command("INCR " + key).substring(1));
  }

  /** {@code GET}: the last number issued, 0 for none. */
  long get(String key) throws IOException, ErrorReplyException {
    return command("GET " + key).equals("$-1") ? 0 : Long.parseLong(line());
  }

  /** The first line of the reply to an inline command. */
  private String command(String words) throws IOException, ErrorReplyException {
    out.write((words + "\r\n").getBytes(UTF_8));
    out.flush();
    String line = line();
    if (line.startsWith("-")) {
      throw new ErrorReplyException(line.substring(1));
    }
    return line;
  }

  private String line() throws IOException {
    String line = in.readLine();
    if (line == null) {
      throw new EOFException("the router closed the connection");
    }
    return line;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
