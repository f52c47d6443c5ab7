package dev.ratchet.store.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.alipay.remoting.exception.CodecException;
import com.alipay.remoting.serialization.SerializerManager;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.core.CliServiceImpl;
import com.alipay.sofa.jraft.core.NodeImpl;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.option.CliOptions;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.option.ReadOnlyOption;
import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.store.Await;
import dev.ratchet.store.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The library runs with the settings that the design asks for, each on the objects in use. */
@Timeout(60)
final class RaftOptionsTest {
  @TempDir private Path folder;
  private List<HostPort> ports = List.of();
  private TestMember member = unset();

  @SuppressWarnings("NullAway") // set before each test
  private static TestMember unset() {
    return null;
  }

  @BeforeEach
  void start() throws IOException {
    ports = FreePorts.take(1);
    member = new TestMember(folder, ports, 0);
    Await.until("it leads", member::leads);
  }

  @AfterEach
  void close() throws IOException {
    member.close();
  }

  @Test
  void votesAndEntriesAreForcedToTheDisk() {
    assertTrue(raft().isSyncMeta());
    assertTrue(raft().isSync());
  }

  @Test
  void theLogsDatabaseIsSmallAndRefusesDamageInItsMiddle() throws IOException {
    String options = "";
    try (Stream<Path> files = Files.list(folder.resolve("raft/log"))) {
      for (Path file : files.filter(one -> one.toString().contains("OPTIONS-")).toList()) {
        options = Files.readString(file);
      }
    }
    assertTrue(options.contains("wal_recovery_mode=kTolerateCorruptedTailRecords"), options);
    assertTrue(options.contains("write_buffer_size=16777216"), options);
    assertTrue(options.contains("max_total_wal_size=67108864"), options);
  }

  @Test
  void entriesAreChecksummed() {
    assertTrue(raft().isEnableLogEntryChecksum());
  }

  @Test
  void readsNeverTrustTheLeadersLease() {
    assertEquals(ReadOnlyOption.ReadOnlySafe, raft().getReadOnlyOptions());
  }

  @Test
  void theTimesAndSizesAreOurs() {
    NodeOptions options = member.raft.options();
    assertEquals(300, options.getElectionTimeoutMs());
    assertEquals(150, raft().getMaxElectionDelayMs());
    assertEquals(300, options.getSnapshotIntervalSecs());
    assertEquals(128, raft().getApplyBatch());
    assertEquals(RaftNodeOptions.RING_SIZE, raft().getDisruptorBufferSize());
    assertTrue(InFlight.MAX_ENTRIES <= RaftNodeOptions.RING_SIZE / 2);
  }

  @Test
  void itsTimersSleepUntilSomethingIsDue() {
    assertInstanceOf(QuietTimers.class, NodeImpl.TIMER_FACTORY);
  }

  @Test
  void membershipCantBeChangedThroughTheRaftPort() {
    assertTrue(member.raft.options().isDisableCli());
    CliServiceImpl cli = new CliServiceImpl();
    CliOptions options = new CliOptions();
    options.setTimeoutMs(2_000);
    options.setMaxRetry(0);
    assertTrue(cli.init(options));
    try {
      PeerId self = RaftNodeOptions.peer(ports.get(0));
      Configuration configuration = new Configuration(List.of(self));
      Status status = cli.resetPeer("ratchet-test", self, configuration);
      assertFalse(status.isOk(), status.toString());
      assertNotEquals(RaftError.ETIMEDOUT, status.getRaftError());
      assertTrue(member.leads());
    } finally {
      cli.shutdown();
    }
  }

  @Test
  void hessianIsGoneAndARejectingSerializerStandsInItsPlace() {
    assertThrows(
        ClassNotFoundException.class, () -> Class.forName("com.caucho.hessian.io.Hessian2Input"));
    var serializer = SerializerManager.getSerializer(SerializerManager.Hessian2);
    assertInstanceOf(RejectingSerializer.class, serializer);
    assertThrows(CodecException.class, () -> serializer.serialize("x"));
    assertThrows(
        CodecException.class, () -> serializer.deserialize(new byte[] {1}, "java.lang.String"));
  }

  @Test
  void onlyRefusalsBeforeTheAppendAreDefinite() {
    assertEquals(ErrorCode.NOT_LEADER, code(RaftError.EPERM, "Is not leader."));
    assertEquals(
        ErrorCode.NOT_LEADER,
        code(RaftError.EPERM, "expected_term=1 doesn't match current_term=2"));
    assertEquals(ErrorCode.NOT_LEADER, code(RaftError.EBUSY, "Is transferring leadership."));
    assertEquals(ErrorCode.OVERLOADED, code(RaftError.EBUSY, "queue is full"));
    assertEquals(ErrorCode.UNKNOWN_OUTCOME, code(RaftError.EPERM, "Leader stepped down"));
    assertEquals(ErrorCode.UNKNOWN_OUTCOME, code(RaftError.ESTATEMACHINE, ""));
    assertEquals(ErrorCode.UNKNOWN_OUTCOME, code(RaftError.ENODESHUTDOWN, "shutting down"));
  }

  private static ErrorCode code(RaftError error, String words) {
    return Proposal.errorOf(new Status(error, "%s", words)).code();
  }

  private RaftOptions raft() {
    return member.raft.options().getRaftOptions();
  }
}
