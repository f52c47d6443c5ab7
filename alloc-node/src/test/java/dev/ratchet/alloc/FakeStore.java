package dev.ratchet.alloc;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.ConfirmReply;
import dev.ratchet.proto.message.ConfirmRequest;
import dev.ratchet.proto.message.GrantsReply;
import dev.ratchet.proto.message.GrantsRequest;
import dev.ratchet.proto.message.HandoverReply;
import dev.ratchet.proto.message.HandoverRequest;
import dev.ratchet.proto.message.RaiseReply;
import dev.ratchet.proto.message.RaiseRequest;
import dev.ratchet.proto.message.RegisterReply;
import dev.ratchet.proto.message.ReleaseReply;
import dev.ratchet.proto.message.ReleaseRequest;
import dev.ratchet.proto.message.RenewReply;
import dev.ratchet.proto.message.WitnessReply;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.proto.rpc.Call;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.proto.rpc.RoutesHandler;
import dev.ratchet.proto.rpc.RpcContext;
import dev.ratchet.proto.rpc.RpcHandler;
import dev.ratchet.proto.rpc.RpcServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store of one node behind a real port: the rules of {@link FakeState}, long polls, and faults by
 * script. Calls to it may be made from any thread.
 */
final class FakeStore implements AutoCloseable {
  /** What happens to a call instead of being served. */
  enum Fault {
    /** Neither carried out nor answered. */
    SILENT,
    /** Carried out, but the answer is lost. */
    LOST,
    /** Kept until {@link FakeStore#letGo}; then served. */
    HELD,
    /** Refused: the leader is the store named by {@link FakeStore#hint}. */
    NOT_LEADER
  }

  private static final Logger LOG = LoggerFactory.getLogger(FakeStore.class);

  final RouteTable routes = new RouteTable();
  final FakeState state = new FakeState(routes);
  final List<RaiseRequest> raises = new CopyOnWriteArrayList<>();
  volatile String hint = "";

  private final EventLoops loops = new EventLoops("fake-store", 1);
  private final Map<Call<?, ?>, Script> scripts = new ConcurrentHashMap<>();
  private final List<Runnable> held = new CopyOnWriteArrayList<>();
  private final List<Poll> polls = new CopyOnWriteArrayList<>();
  private final RpcServer server;

  private record Script(Fault fault, int times) {}

  private record Poll(GrantsRequest request, RpcContext<GrantsReply> context) {}

  FakeStore() throws IOException {
    server =
        RpcServer.builder(routes::version)
            .on(Calls.ROUTES, faulty(Calls.ROUTES, new RoutesHandler(routes)))
            .on(
                Calls.REGISTER,
                serving(Calls.REGISTER, request -> new RegisterReply(state.register(request))))
            .on(
                Calls.RENEW,
                serving(
                    Calls.RENEW, request -> new RenewReply(routes.version(), state.renew(request))))
            .on(Calls.WITNESS, serving(Calls.WITNESS, request -> new WitnessReply(List.of())))
            .on(
                Calls.CONFIRM,
                serving(
                    Calls.CONFIRM,
                    (ConfirmRequest request) -> new ConfirmReply(state.stale(request))))
            .on(Calls.RAISE, serving(Calls.RAISE, this::raise))
            .on(
                Calls.RELEASE,
                serving(
                    Calls.RELEASE,
                    (ReleaseRequest request) -> new ReleaseReply(state.release(request))))
            .on(
                Calls.HANDOVER,
                serving(
                    Calls.HANDOVER,
                    (HandoverRequest request) -> new HandoverReply(state.handover(request))))
            .on(Calls.GRANTS, faulty(Calls.GRANTS, this::grants))
            .bind(loops, new HostPort("127.0.0.1", 0));
    routes.onChange(this::wake);
  }

  HostPort address() {
    return new HostPort("127.0.0.1", server.port());
  }

  /** Lets the next calls of a kind meet a fault. */
  void next(Call<?, ?> call, Fault fault, int times) {
    scripts.put(call, new Script(fault, times));
  }

  /** Lets all calls of a kind meet a fault from now on. */
  void all(Call<?, ?> call, Fault fault) {
    next(call, fault, Integer.MAX_VALUE);
  }

  /** Serves calls of a kind again. */
  void heal(Call<?, ?> call) {
    scripts.remove(call);
  }

  /** Serves all calls again, also those that were held. */
  void heal() {
    scripts.clear();
    letGo();
  }

  /** Serves the calls that were held. */
  void letGo() {
    List<Runnable> all = new ArrayList<>(held);
    held.removeAll(all);
    all.forEach(Runnable::run);
  }

  int held() {
    return held.size();
  }

  private <Q, R> RpcHandler<Q, R> serving(Call<Q, R> call, Function<Q, R> service) {
    return (request, context) -> {
      Fault fault = fault(call);
      if (fault == Fault.HELD) {
        held.add(() -> answer(context, () -> service.apply(request)));
      } else if (fault == Fault.LOST) {
        R unheard = service.apply(request);
        LOG.debug("the answer to {} is lost: {}", call.name(), unheard);
      } else if (fault == Fault.NOT_LEADER) {
        throw new RatchetException(ErrorCode.NOT_LEADER, "not the leader", hint);
      } else if (fault == null) {
        context.reply(service.apply(request));
      }
    };
  }

  private static <R> void answer(RpcContext<R> context, Supplier<R> service) {
    try {
      context.reply(service.get());
    } catch (RatchetException e) {
      context.fail(e);
    }
  }

  /** Long polls are lost, refused or served; they are never held. */
  private <Q, R> RpcHandler<Q, R> faulty(Call<Q, R> call, RpcHandler<Q, R> handler) {
    return (request, context) -> {
      Fault fault = fault(call);
      if (fault == Fault.NOT_LEADER) {
        throw new RatchetException(ErrorCode.NOT_LEADER, "not the leader", hint);
      } else if (fault == null) {
        handler.handle(request, context);
      }
    };
  }

  private synchronized @Nullable Fault fault(Call<?, ?> call) {
    Script script = scripts.get(call);
    if (script == null) {
      return null;
    }
    if (script.times == 1) {
      scripts.remove(call);
    } else {
      scripts.put(call, new Script(script.fault, script.times - 1));
    }
    return script.fault;
  }

  private RaiseReply raise(RaiseRequest request) {
    raises.add(request);
    return new RaiseReply(state.raise(request));
  }

  private void grants(GrantsRequest request, RpcContext<GrantsReply> context) {
    GrantsReply reply = state.grants(request);
    if (!reply.grants().isEmpty() || request.waitMillis() <= 0) {
      context.reply(reply);
      return;
    }
    Poll poll = new Poll(request, context);
    polls.add(poll);
    context.eventLoop().schedule(() -> finish(poll), request.waitMillis(), TimeUnit.MILLISECONDS);
    if (!state.grants(request).grants().isEmpty()) {
      finish(poll);
    }
  }

  private void finish(Poll poll) {
    if (polls.remove(poll)) {
      answer(poll.context, () -> state.grants(poll.request));
    }
  }

  private void wake() {
    polls.forEach(this::finish);
  }

  /** Adds a namespace; its sections go to the nodes there are and come. */
  Namespace add(Namespace namespace) {
    return state.add(namespace);
  }

  @Override
  public void close() {
    server.close();
    loops.close();
  }
}
