package dev.ratchet.store.rpc;

import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.ConfirmReply;
import dev.ratchet.proto.message.ConfirmRequest;
import dev.ratchet.proto.message.NamespaceReply;
import dev.ratchet.proto.message.RaiseReply;
import dev.ratchet.proto.message.RaiseRequest;
import dev.ratchet.proto.message.RegisterReply;
import dev.ratchet.proto.message.RegisterRequest;
import dev.ratchet.proto.message.ReleaseReply;
import dev.ratchet.proto.message.ReleaseRequest;
import dev.ratchet.proto.message.RenewReply;
import dev.ratchet.proto.message.RenewRequest;
import dev.ratchet.proto.message.SectionEpoch;
import dev.ratchet.proto.message.WitnessReply;
import dev.ratchet.proto.message.WitnessRequest;
import dev.ratchet.proto.route.RouteTable;
import dev.ratchet.store.lead.LeaderDuties;
import dev.ratchet.store.lead.Proposals;
import dev.ratchet.store.member.MemberBook;
import dev.ratchet.store.placement.Load;
import dev.ratchet.store.state.Command;
import dev.ratchet.store.state.Result;
import dev.ratchet.store.state.StateReader;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Calls that are commands: each becomes one entry of the log, answered when it is committed and
 * applied here. Entries that come together share one write to the disk. A command that can't be
 * made throws {@link RatchetException} at once. Thread-safe.
 */
public final class CommandHandlers {
  private final Proposals proposals;
  private final LeaderDuties duties;
  private final RouteTable routes;
  private final RollbackGuard rollback;
  private final HaltNotices notices;
  private final MemberBook book;

  /**
   * {@code duties}: whom to release sections for; {@code notices}: whom to tell that sections were
   * halted; {@code book}: who the store nodes are.
   */
  public CommandHandlers(
      Proposals proposals,
      LeaderDuties duties,
      RouteTable routes,
      StateReader reader,
      HaltNotices notices,
      MemberBook book) {
    this.notices = notices;
    this.rollback = new RollbackGuard(proposals, reader);
    this.book = book;
    this.proposals = proposals;
    this.duties = duties;
    this.routes = routes;
  }

  /** Gives a lease. */
  public CompletableFuture<RegisterReply> register(RegisterRequest request) {
    Command command =
        new Command.Register(
            request.node(),
            request.zone(),
            request.host(),
            request.port(),
            request.process(),
            request.holderMillis());
    return propose(command, Result.Registered.class)
        .thenApply(result -> new RegisterReply(result.lease().incarnation()));
  }

  /** Renews a lease, and says what its holder should release. */
  public CompletableFuture<RenewReply> renew(RenewRequest request) {
    int incarnation = request.incarnation();
    return propose(new Command.Renew(incarnation, request.leaving()), Result.Renewed.class)
        .thenCompose(
            renewed -> {
              duties.onLoad(
                  incarnation, new Load(request.measurement(), request.rate(), request.busiest()));
              return rollback.check(request.witness());
            })
        .thenApply(
            halted ->
                new RenewReply(
                    routes.version(),
                    duties.wantedReleases(incarnation),
                    union(halted, notices.next(incarnation)),
                    book.addresses()));
  }

  private static List<SectionEpoch> union(List<SectionEpoch> some, List<SectionEpoch> others) {
    if (some.isEmpty() || others.isEmpty()) {
      return some.isEmpty() ? others : some;
    }
    Set<SectionEpoch> all = new LinkedHashSet<>(some);
    all.addAll(others);
    return List.copyOf(all);
  }

  /** Compares what a node saw committed with what is known here, if this member leads. */
  public CompletableFuture<WitnessReply> witness(WitnessRequest request) {
    return rollback.checkAsLeader(request.items()).thenApply(WitnessReply::new);
  }

  /** Confirms epochs by a barrier. */
  public CompletableFuture<ConfirmReply> confirm(ConfirmRequest request) {
    return propose(
            new Command.Confirm(request.incarnation(), request.sections()), Result.Confirmed.class)
        .thenApply(result -> new ConfirmReply(result.stale()));
  }

  /** Lifts ceilings. */
  public CompletableFuture<RaiseReply> raise(RaiseRequest request) {
    return propose(new Command.Raise(request.incarnation(), request.items()), Result.Raised.class)
        .thenApply(result -> new RaiseReply(result.results()));
  }

  /** Takes sections back, for those that they are on their way to. */
  public CompletableFuture<ReleaseReply> release(ReleaseRequest request) {
    Command.Release command =
        new Command.Release(request.incarnation(), request.items(), request.leave());
    return duties
        .release(proposals, command)
        .thenApply(Result.Released.class::cast)
        .thenApply(result -> new ReleaseReply(result.results()));
  }

  /** Creates a namespace. */
  public CompletableFuture<NamespaceReply> createNamespace(Namespace namespace) {
    return propose(new Command.CreateNamespace(namespace), Result.NamespaceCreated.class)
        .thenApply(result -> new NamespaceReply(List.of(result.namespace())));
  }

  /** Proposes a command; the future gives its result, of the type it must have. */
  <R extends Result> CompletableFuture<R> propose(Command command, Class<R> type) {
    return proposals.propose(command).thenApply(type::cast);
  }
}
