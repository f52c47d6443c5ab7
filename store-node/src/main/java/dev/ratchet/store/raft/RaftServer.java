package dev.ratchet.store.raft;

import com.alipay.remoting.rpc.RpcServer;
import com.alipay.sofa.jraft.rpc.ProtobufMsgFactory;
import com.alipay.sofa.jraft.rpc.RaftServerService;
import com.alipay.sofa.jraft.rpc.RpcRequestClosure;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.impl.BoltRpcServer;
import com.alipay.sofa.jraft.rpc.impl.PingRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.AppendEntriesRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.GetFileRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.InstallSnapshotRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.ReadIndexRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.RequestVoteRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.TimeoutNowRequestProcessor;
import com.google.protobuf.Message;
import dev.ratchet.proto.rpc.HostPort;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The port on which members of the group call this one. It listens on the member's own address
 * alone, and serves Raft's calls alone: none of those that change the membership.
 */
final class RaftServer implements AutoCloseable {
  /** Calls that may wait for a thread. */
  private static final int MAX_WAITING = 1_024;

  private final BoltRpcServer server;
  private final ThreadPoolExecutor threads;

  private RaftServer(BoltRpcServer server, ThreadPoolExecutor threads) {
    this.server = server;
    this.threads = threads;
  }

  /** {@code heard}: told whenever entries of another leader, or its heartbeat, come in. */
  static RaftServer bind(HostPort address, Runnable heard) throws IOException {
    BoltLogs.silence();
    RejectingSerializer.install();
    ProtobufMsgFactory.load();
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            RaftNodeOptions.RPC_THREADS,
            RaftNodeOptions.RPC_THREADS,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            task -> daemon(task, "raft-rpc-" + address.port()));
    threads.allowCoreThreadTimeOut(true);
    BoltRpcServer server = new BoltRpcServer(new RpcServer(address.host(), address.port(), true));
    register(server, threads, heard);
    try {
      server.init(null);
    } catch (RuntimeException e) {
      // Bolt reports a port in use only so.
      threads.shutdownNow();
      throw new IOException(
          "can't listen for Raft on " + address + ": " + e + "; is another process using the port?",
          e);
    }
    return new RaftServer(server, threads);
  }

  private static void register(BoltRpcServer server, ThreadPoolExecutor threads, Runnable heard) {
    AppendEntriesRequestProcessor append =
        new AppendEntriesRequestProcessor(threads) {
          @Override
          public Message processRequest0(
              RaftServerService service, AppendEntriesRequest request, RpcRequestClosure done) {
            heard.run(); // it came before this moment
            return super.processRequest0(service, request, done);
          }
        };
    server.registerConnectionClosedEventListener(append);
    server.registerProcessor(append);
    server.registerProcessor(new GetFileRequestProcessor(threads));
    server.registerProcessor(new InstallSnapshotRequestProcessor(threads));
    server.registerProcessor(new RequestVoteRequestProcessor(threads));
    server.registerProcessor(new PingRequestProcessor(threads));
    server.registerProcessor(new TimeoutNowRequestProcessor(threads));
    server.registerProcessor(new ReadIndexRequestProcessor(threads));
  }

  static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    server.shutdown();
    threads.shutdownNow();
  }
}
