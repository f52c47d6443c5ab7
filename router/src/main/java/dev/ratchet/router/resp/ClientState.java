package dev.ratchet.router.resp;

/** What a Redis client has said about itself. Confined to the connection's event loop. */
final class ClientState {
  private final long id;
  private final String address;
  private int protocol = 2;
  private String name = "";

  /** {@code id}: of the connection, unique in the process. */
  ClientState(long id, String address) {
    this.id = id;
    this.address = address;
  }

  long id() {
    return id;
  }

  String address() {
    return address;
  }

  int protocol() {
    return protocol;
  }

  void setProtocol(int version) {
    protocol = version;
  }

  String name() {
    return name;
  }

  void setName(String given) {
    name = given;
  }

  /** As it was after connecting. */
  void reset() {
    protocol = 2;
    name = "";
  }
}
