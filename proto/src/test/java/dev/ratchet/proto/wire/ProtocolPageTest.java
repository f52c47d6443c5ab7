package dev.ratchet.proto.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.RatchetException;
import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.key.XxHash64;
import dev.ratchet.proto.message.CallItem;
import dev.ratchet.proto.message.CallReply;
import dev.ratchet.proto.message.CallRequest;
import dev.ratchet.proto.message.ErrorReply;
import dev.ratchet.proto.message.Hello;
import dev.ratchet.proto.message.IssueItem;
import dev.ratchet.proto.message.IssueReply;
import dev.ratchet.proto.message.IssueRequest;
import dev.ratchet.proto.message.IssueResult;
import dev.ratchet.proto.message.OwnerInfo;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.RoutesRequest;
import dev.ratchet.proto.message.SectionRun;
import dev.ratchet.proto.rpc.Call;
import dev.ratchet.proto.rpc.Calls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code docs/protocol.md} says in bytes, numbers and tables is what the code does. */
class ProtocolPageTest {
  private static final Pattern HEX = Pattern.compile("```hex ([^\n]+)\n(.*?)```", Pattern.DOTALL);
  private static final Pattern ERROR_ROW =
      Pattern.compile("(?m)^\\| (\\d+) \\| `([A-Z_]+)` \\| (definite|unknown) \\| (yes|no) \\|");
  private static final Pattern CALL_ROW =
      Pattern.compile("(?m)^\\| (\\d+) \\| `([a-z_]+)` \\| `(\\w+)` → `(\\w+)` \\|");
  private static final Pattern LIMIT_ROW = Pattern.compile("(?m)^\\| `([A-Z_]+)` \\| ([0-9,^]+)");

  private static final String PAGE = page();

  private static String page() {
    String home = System.getProperty("ratchet.home", "..");
    try {
      return Files.readString(Path.of(home, "docs", "protocol.md"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theBytesOfTheExamplesAreRight() {
    Map<String, String> written = new LinkedHashMap<>();
    Matcher block = HEX.matcher(PAGE);
    while (block.find()) {
      String hex = block.group(2).replaceAll("#[^\n]*", "").replaceAll("\\s", "");
      written.put(block.group(1).trim(), hex);
    }
    assertEquals(examples(), written);
  }

  private static Map<String, String> examples() {
    Namespace user = Namespace.uid("user").withId(1);
    CallItem item = new CallItem("user", "42".getBytes(UTF_8), 1);
    IssueResult first = new IssueResult(0, 1, 3, false, "");
    IssueResult next = new IssueResult(0, 2, 3, false, "");
    RouteDelta routes =
        new RouteDelta(
            0,
            7,
            List.of(user),
            List.of(new OwnerInfo(5, "alloc-1", "zone-1", "10.0.0.1", 7100)),
            List.of(new SectionRun(1, 0, 42_950, 5, 3)));
    RatchetException unsupported = new RatchetException(ErrorCode.UNSUPPORTED, "ask a router");
    Map<String, String> examples = new LinkedHashMap<>();
    put(examples, "hello", Calls.HELLO, 1, 0, new Hello("demo/1"));
    put(examples, "call", Calls.CALL, 2, 0, new CallRequest(List.of(item), 3_000));
    answer(examples, "call answered", Calls.CALL, 2, 7, new CallReply(List.of(first)));
    put(examples, "routes", Calls.ROUTES, 3, 0, new RoutesRequest(0, 0));
    answer(examples, "routes answered", Calls.ROUTES, 3, 7, routes);
    IssueItem two = new IssueItem(1, 42, 2, 3);
    put(examples, "issue", Calls.ISSUE, 4, 7, new IssueRequest(List.of(two), 1_000));
    answer(examples, "issue answered", Calls.ISSUE, 4, 7, new IssueReply(List.of(next), List.of()));
    byte[] error = ErrorReply.SCHEMA.encode(ErrorReply.of(unsupported));
    examples.put("error", hex(new Frame(Calls.CALL.number(), Frame.ERROR, 5, 7, error)));
    return examples;
  }

  private static <Q> void put(
      Map<String, String> to, String name, Call<Q, ?> call, long id, long version, Q request) {
    byte[] body = call.request().encode(request);
    to.put(name, hex(new Frame(call.number(), Frame.REQUEST, id, version, body)));
  }

  private static <R> void answer(
      Map<String, String> to, String name, Call<?, R> call, long id, long version, R reply) {
    byte[] body = call.reply().encode(reply);
    to.put(name, hex(new Frame(call.number(), Frame.REPLY, id, version, body)));
  }

  private static String hex(Frame frame) {
    EmbeddedChannel encoder = new EmbeddedChannel(FrameEncoder.INSTANCE);
    encoder.writeOutbound(frame);
    ByteBuf bytes = encoder.readOutbound();
    String hex = ByteBufUtil.hexDump(bytes);
    bytes.release();
    encoder.finishAndReleaseAll();
    return hex;
  }

  @Test
  void theHashOfTheExampleIsRight() {
    long hash = XxHash64.hash("doc-17".getBytes(UTF_8));
    int section = Namespace.string("notes").sectionOf(hash);
    String line = "`%016x` → section %d".formatted(hash, section);
    assertTrue(PAGE.contains(line), line);
  }

  @Test
  void theErrorTableIsComplete() {
    List<String> expected =
        Arrays.stream(ErrorCode.values())
            .map(
                code ->
                    "%d %s %s %s"
                        .formatted(
                            code.number(),
                            code,
                            code.isDefinite() ? "definite" : "unknown",
                            code.isRetryable() ? "yes" : "no"))
            .toList();
    assertEquals(expected, rows(ERROR_ROW));
  }

  @Test
  void theCallTableIsComplete() {
    List<String> expected =
        Stream.concat(
                Stream.of(
                    Calls.HELLO,
                    Calls.ISSUE,
                    Calls.CALL,
                    Calls.ROUTES,
                    Calls.NAMESPACE_CREATE,
                    Calls.NAMESPACE_LIST,
                    Calls.STATUS),
                Calls.ADMIN.stream())
            .map(
                call ->
                    "%d %s %s %s"
                        .formatted(
                            call.number(), call.name(), call.request().name(), call.reply().name()))
            .toList();
    assertEquals(expected, rows(CALL_ROW));
  }

  @Test
  void theLimitsAreRight() {
    Map<String, Long> limits = new LinkedHashMap<>();
    limits.put("MAX_REQUEST_BYTES", (long) Limits.MAX_REQUEST_BYTES);
    limits.put("MAX_REPLY_BYTES", (long) Limits.MAX_REPLY_BYTES);
    limits.put("MAX_COUNT", (long) Limits.MAX_COUNT);
    limits.put("MAX_BATCH", (long) Limits.MAX_BATCH);
    limits.put("MAX_KEY_BYTES", (long) Limits.MAX_KEY_BYTES);
    limits.put("MAX_NAMESPACE_NAME", (long) Limits.MAX_NAMESPACE_NAME);
    limits.put("MAX_SECTIONS", (long) Limits.MAX_SECTIONS);
    limits.put("MAX_NAMESPACES", (long) Limits.MAX_NAMESPACES);
    limits.put("MAX_NUMBER", Limits.MAX_NUMBER);
    limits.put("MAX_STEP", Limits.MAX_STEP);
    List<String> expected = new ArrayList<>();
    limits.forEach((name, value) -> expected.add(name + " " + value));
    assertEquals(
        expected,
        rows(LIMIT_ROW).stream()
            .map(row -> row.replace(",", "").replace("2^62", "4611686018427387904"))
            .toList());
  }

  private static List<String> rows(Pattern pattern) {
    List<String> rows = new ArrayList<>();
    Matcher row = pattern.matcher(PAGE);
    while (row.find()) {
      List<String> cells = new ArrayList<>();
      for (int i = 1; i <= row.groupCount(); i++) {
        cells.add(row.group(i));
      }
      rows.add(String.join(" ", cells));
    }
    return rows;
  }
}
