package dev.ratchet.alloc.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.message.Hello;
import dev.ratchet.proto.message.HelloReply;
import dev.ratchet.proto.message.StoreAddress;
import dev.ratchet.proto.rpc.Calls;
import dev.ratchet.proto.rpc.EventLoops;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.proto.rpc.RpcServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StoreLinkTest {
  private static final HostPort ANY = new HostPort("127.0.0.1", 0);

  private final EventLoops loops = new EventLoops("store", 1);
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    loops.close();
  }

  private HostPort leader(String name) throws IOException {
    return listen(
        RpcServer.builder(() -> 0)
            .on(
                Calls.HELLO,
                (request, context) -> context.reply(new HelloReply("store", name, "z", "1"))));
  }

  private HostPort follower(String hint) throws IOException {
    return listen(
        RpcServer.builder(() -> 0)
            .on(
                Calls.HELLO,
                (request, context) -> {
                  throw new RatchetException(ErrorCode.NOT_LEADER, "not the leader", hint);
                }));
  }

  private HostPort silent() throws IOException {
    return listen(RpcServer.builder(() -> 0).on(Calls.HELLO, (request, context) -> {}));
  }

  private HostPort listen(RpcServer.Builder builder) throws IOException {
    RpcServer server = builder.bind(loops, ANY);
    open.add(server);
    return new HostPort("127.0.0.1", server.port());
  }

  private HostPort nobody() throws IOException {
    try (RpcServer gone = RpcServer.builder(() -> 0).bind(loops, ANY)) {
      return new HostPort("127.0.0.1", gone.port());
    }
  }

  private StoreLink link(HostPort... stores) {
    StoreLink link = new StoreLink(loops, List.of(stores));
    open.add(link);
    return link;
  }

  private static String ask(StoreLink link, int millis) {
    CompletableFuture<HelloReply> answer = link.callLeader(Calls.HELLO, new Hello("test"), millis);
    try {
      return answer.orTimeout(20, TimeUnit.SECONDS).join().node();
    } catch (CompletionException e) {
      return RatchetException.of(e).code().name();
    }
  }

  @Test
  void aHintIsFollowedWithinTheSameCall() throws IOException {
    HostPort leader = leader("b");
    assertEquals("b", ask(link(follower(leader.toString()), leader), 5_000));
  }

  @Test
  void withoutAUsableHintTheNextStoreIsAsked() throws IOException {
    assertEquals("b", ask(link(follower(""), leader("b")), 5_000));
    assertEquals("b", ask(link(follower("nonsense"), leader("b")), 5_000));
  }

  @Test
  void aStoreThatIsDownIsPassedOverWithinTheSameCall() throws IOException {
    assertEquals("b", ask(link(nobody(), leader("b")), 5_000));
  }

  /** It may have been carried out, so only the caller knows whether it may be repeated. */
  @Test
  void anUnansweredCallIsNotRepeatedButTheNextOneGoesElsewhere() throws IOException {
    StoreLink link = link(silent(), leader("b"));
    assertEquals("TIMEOUT", ask(link, 30));
    assertEquals("b", ask(link, 5_000));
  }

  @Test
  void theLastStoreIsFollowedByTheFirst() throws IOException {
    StoreLink link = link(leader("a"), silent());
    assertEquals("a", ask(link, 5_000));
    HostPort lost = nobody();
    StoreLink round = link(lost, nobody(), leader("c"));
    assertEquals("UNAVAILABLE", ask(round, 5_000));
    assertEquals("c", ask(round, 5_000));
  }

  /** Every store node that was configured may have been replaced while this node ran. */
  @Test
  void storesThatWereLearnedOfAreAskedWhenTheConfiguredOnesAreGone() throws IOException {
    StoreLink link = link(nobody(), nobody());
    HostPort lost = nobody();
    link.learn(addresses(lost, leader("later")));
    for (int i = 0; i < 3; i++) {
      if (ask(link, 5_000).equals("later")) {
        break;
      }
    }
    assertEquals("later", ask(link, 5_000));
    link.learn(addresses(leader("last")));
    assertEquals("later", ask(link, 5_000), "the leader it has is not left for nothing");
    link.learn(List.of());
    link.learn(List.of(new StoreAddress("nonsense")));
    assertEquals("later", ask(link, 5_000), "who says nothing teaches nothing");
  }

  private static List<StoreAddress> addresses(HostPort... stores) {
    return List.of(stores).stream().map(store -> new StoreAddress(store.toString())).toList();
  }
}
