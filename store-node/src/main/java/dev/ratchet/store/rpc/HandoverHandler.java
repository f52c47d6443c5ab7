package dev.ratchet.store.rpc;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.HandoverReply;
import dev.ratchet.proto.message.HandoverRequest;
import dev.ratchet.proto.rpc.RpcContext;
import dev.ratchet.proto.rpc.RpcHandler;
import dev.ratchet.store.lead.Proposer;
import dev.ratchet.store.state.SectionRecord;
import dev.ratchet.store.state.StateReader;

/** Serves the positions that a section's last owner left, to the owner they were left for. */
final class HandoverHandler implements RpcHandler<HandoverRequest, HandoverReply> {
  private final StateReader reader;
  private final Proposer proposer;
  private final Reads reads;

  HandoverHandler(StateReader reader, Proposer proposer, Reads reads) {
    this.reader = reader;
    this.proposer = proposer;
    this.reads = reads;
  }

  @Override
  public void handle(HandoverRequest request, RpcContext<HandoverReply> context) {
    proposer.checkLeading();
    reads.run(context, () -> context.reply(new HandoverReply(positions(request))));
  }

  private byte[] positions(HandoverRequest request) {
    if (reader.lease(request.incarnation()) == null) {
      throw GrantsHandler.leaseOver(request.incarnation());
    }
    SectionRecord record = ownedRecord(request);
    byte[] chunk =
        request.chunk() < 0 || request.chunk() >= record.handoverChunks()
            ? null
            : reader.chunk(request.namespaceId(), request.section(), request.chunk());
    if (chunk == null) {
      throw new RatchetException(
          ErrorCode.INVALID_ARGUMENT,
          describe(request)
              + " has "
              + record.handoverChunks()
              + " chunks of positions, and no chunk "
              + request.chunk());
    }
    ownedRecord(request); // the chunk is of this epoch only if the section still is
    return chunk;
  }

  private SectionRecord ownedRecord(HandoverRequest request) {
    SectionRecord record = reader.section(request.namespaceId(), request.section());
    if (record == null || !record.isOwnedBy(request.incarnation(), request.epoch())) {
      throw new RatchetException(
          ErrorCode.STALE_EPOCH,
          describe(request)
              + " is not granted to incarnation "
              + request.incarnation()
              + " in epoch "
              + request.epoch());
    }
    return record;
  }

  private static String describe(HandoverRequest request) {
    return "section " + request.section() + " of namespace " + request.namespaceId();
  }
}
