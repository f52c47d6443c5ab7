package dev.ratchet.proto.rpc;

import dev.ratchet.proto.wire.Frame;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** One end of a connection that speaks the protocol by hand, rightly or wrongly. */
final class RawSocket implements AutoCloseable {
  static final int DEADLINE_MILLIS = 20_000;

  final Socket socket;
  final DataInputStream in;
  final DataOutputStream out;

  private RawSocket(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(DEADLINE_MILLIS);
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
  }

  static RawSocket connect(int port) throws IOException {
    return new RawSocket(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** A port on loopback whose connections the test accepts by hand. */
  static ServerSocket listen() throws IOException {
    return listen(50);
  }

  static ServerSocket listen(int backlog) throws IOException {
    ServerSocket server = new ServerSocket(0, backlog, InetAddress.getLoopbackAddress());
    server.setSoTimeout(DEADLINE_MILLIS);
    return server;
  }

  static RawSocket accept(ServerSocket server) throws IOException {
    return new RawSocket(server.accept());
  }

  void write(Frame frame) throws IOException {
    out.writeInt(Frame.HEADER_BYTES + frame.body().length);
    out.writeByte(Frame.VERSION);
    out.writeByte(frame.call());
    out.writeByte(frame.type());
    out.writeByte(0);
    out.writeLong(frame.correlation());
    out.writeLong(frame.routeVersion());
    out.write(frame.body());
    out.flush();
  }

  Frame read() throws IOException {
    int length = in.readInt();
    int version = in.readUnsignedByte();
    if (version != Frame.VERSION) {
      throw new IOException("version " + version);
    }
    int call = in.readUnsignedByte();
    int type = in.readUnsignedByte();
    in.readByte();
    long correlation = in.readLong();
    long routeVersion = in.readLong();
    return new Frame(
        call, type, correlation, routeVersion, in.readNBytes(length - Frame.HEADER_BYTES));
  }

  /** Ends the connection before the test does. */
  void hangUp() throws IOException {
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
