package dev.ratchet.store.member;

import dev.ratchet.proto.message.DiskReply;
import dev.ratchet.proto.message.DiskRequest;
import dev.ratchet.proto.rpc.RpcContext;
import dev.ratchet.proto.rpc.RpcHandler;
import dev.ratchet.store.disk.DataFolder;
import dev.ratchet.store.state.LogFormat;

/** Says what this node knows of disks: also while it is not let in itself. Thread-safe. */
public final class DiskHandler implements RpcHandler<DiskRequest, DiskReply> {
  private final String cluster;
  private final String node;
  private final DataFolder folder;
  private final MemberBook book;

  public DiskHandler(String cluster, String node, DataFolder folder, MemberBook book) {
    this.cluster = cluster;
    this.node = node;
    this.folder = folder;
    this.book = book;
  }

  @Override
  public void handle(DiskRequest request, RpcContext<DiskReply> context) {
    String known = cluster.equals(request.cluster()) ? book.diskOf(request.node()) : null;
    LogFormat format = LogFormat.own();
    context.reply(
        new DiskReply(
            cluster,
            node,
            folder.disk(),
            !folder.isFirstStart(),
            known == null ? "" : known,
            format.writes(),
            format.readsFrom(),
            format.readsTo()));
  }
}
