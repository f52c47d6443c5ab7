package dev.ratchet.store.member;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.message.DiskReply;
import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.store.member.StartRule.Kind;
import dev.ratchet.store.member.StartRule.Verdict;
import dev.ratchet.store.state.LogFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StartRuleTest {
  private static final Peer TWO = new Peer("store-2", new HostPort("h2", 1));
  private static final Peer THREE = new Peer("store-3", new HostPort("h3", 1));
  private static final StartRule RULE =
      new StartRule("prod", "store-1", "mine", new LogFormat(1, 1, 1));

  private static DiskReply reply(Peer peer, boolean started, String known) {
    return new DiskReply("prod", peer.node(), "theirs", started, known, 1, 1, 1);
  }

  private static Optional<DiskReply> of(Peer peer, boolean started, String known) {
    return Optional.of(reply(peer, started, known));
  }

  private static Map<Peer, Optional<DiskReply>> answers(
      Optional<DiskReply> two, Optional<DiskReply> three) {
    Map<Peer, Optional<DiskReply>> answers = new LinkedHashMap<>();
    answers.put(TWO, two);
    answers.put(THREE, three);
    return answers;
  }

  @Test
  void aloneItStartsAtOnce() {
    assertEquals(Kind.START, RULE.ofNewCluster(Map.of()).kind());
  }

  @Test
  void aNewClusterStartsWhenEachHasAnswered() {
    Optional<DiskReply> new2 = of(TWO, false, "");
    Verdict waits = RULE.ofNewCluster(answers(new2, Optional.empty()));
    assertEquals(Kind.WAIT, waits.kind());
    assertTrue(waits.why().contains("'store-3' at h3:1") && !waits.why().contains("store-2"));
    assertEquals(Kind.START, RULE.ofNewCluster(answers(new2, of(THREE, false, ""))).kind());
  }

  @Test
  void whoHasStartedAlreadyKnowsThisDisk() {
    assertEquals(
        Kind.START, RULE.ofNewCluster(answers(of(TWO, true, "mine"), of(THREE, false, ""))).kind());
  }

  @Test
  void oneThatKnowsAnotherDiskIsEnoughToRefuse() {
    for (boolean started : new boolean[] {true, false}) {
      Verdict refused = RULE.ofNewCluster(answers(of(TWO, false, ""), of(THREE, started, "lost")));
      assertEquals(Kind.REFUSE, refused.kind());
      assertTrue(refused.why().contains("admin member remove store-1"), refused.why());
      assertTrue(refused.why().contains("admin member add store-1"), refused.why());
      assertTrue(refused.why().contains("lost or swapped"), refused.why());
    }
    Verdict withSilence = RULE.ofNewCluster(answers(Optional.empty(), of(THREE, true, "lost")));
    assertEquals(Kind.REFUSE, withSilence.kind());
  }

  @Test
  void aStrangerDoesNotEnterAClusterThatRuns() {
    Verdict refused = RULE.ofNewCluster(answers(of(TWO, true, ""), of(THREE, true, "")));
    assertEquals(Kind.REFUSE, refused.kind());
    assertTrue(refused.why().contains("join: true"), refused.why());
  }

  @Test
  void whoJoinsWaitsUntilThisVeryDiskIsRecorded() {
    Verdict waits = RULE.ofJoining(answers(of(TWO, true, ""), Optional.empty()));
    assertEquals(Kind.WAIT, waits.kind());
    assertTrue(waits.why().contains("admin member add store-1"), waits.why());
    Verdict lost = RULE.ofJoining(answers(of(TWO, true, "lost"), of(THREE, true, "lost")));
    assertEquals(Kind.WAIT, lost.kind());
    assertTrue(lost.why().contains("recorded with another disk (lost)"), lost.why());
    assertEquals(
        Kind.START, RULE.ofJoining(answers(Optional.empty(), of(THREE, true, "mine"))).kind());
    assertEquals(
        Kind.WAIT,
        RULE.ofJoining(answers(Optional.empty(), of(THREE, false, "mine"))).kind(),
        "one that takes part in nothing has recorded nothing");
  }

  @Test
  void aWrongAddressIsNamed() {
    DiskReply elsewhere = new DiskReply("test", "store-2", "d", true, "", 1, 1, 1);
    assertRefused("belongs to cluster 'test'", elsewhere);
    assertRefused("answers as store node 'store-3'", reply(THREE, true, "mine"));
  }

  @Test
  void anotherLogFormatIsRefusedAtEveryStart() {
    DiskReply newer = new DiskReply("prod", "store-2", "d", true, "mine", 2, 2, 2);
    assertRefused("first upgrade 'store-1'", newer);
    assertNull(RULE.refusal(answers(of(TWO, true, "lost"), Optional.empty())));
  }

  private static void assertRefused(String why, DiskReply reply) {
    Map<Peer, Optional<DiskReply>> answers = answers(Optional.of(reply), Optional.empty());
    for (Verdict verdict :
        new Verdict[] {
          RULE.ofNewCluster(answers), RULE.ofJoining(answers), assertNotNullAnd(answers)
        }) {
      assertEquals(Kind.REFUSE, verdict.kind());
      assertTrue(verdict.why().contains(why), verdict.why());
    }
  }

  private static Verdict assertNotNullAnd(Map<Peer, Optional<DiskReply>> answers) {
    Verdict verdict = RULE.refusal(answers);
    assertNotNull(verdict);
    return verdict;
  }
}
