package dev.ratchet.store.rpc;

import dev.ratchet.proto.message.MemberStatus;
import dev.ratchet.proto.rpc.HostPort;

/** This member as it shows itself to others. Thread-safe. */
public interface MemberView {
  /** Role, term and progress now; the lag is left to whoever leads. */
  MemberStatus status();

  /**
   * Another member, which may answer or not.
   *
   * @param node node id
   * @param zone zone
   * @param rpc where it is called
   */
  record Other(String node, String zone, HostPort rpc) {
    /** How it is shown while it doesn't answer. */
    MemberStatus unreachable() {
      return new MemberStatus(node, zone, rpc.toString(), "unreachable", 0, 0, 0);
    }
  }
}
