package dev.ratchet.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.rpc.HostPort;
import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AdminServerTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final SwitchableHealth health = new SwitchableHealth();
  private AdminServer server;

  @BeforeEach
  void start() throws IOException {
    server = AdminServer.start(new HostPort("127.0.0.1", 0), registry, health);
  }

  @AfterEach
  void stop() {
    server.close();
    registry.close();
  }

  @Test
  void aliveWhetherReadyOrNot() throws Exception {
    assertEquals(200, get("/healthz").statusCode());
    health.ready = true;
    assertEquals(200, get("/healthz").statusCode());
  }

  @Test
  void readinessFollowsTheNodeAndSaysWhy() throws Exception {
    HttpResponse<String> before = get("/readyz");
    assertEquals(503, before.statusCode());
    assertEquals("not ready: no lease yet\n", before.body());
    health.ready = true;
    health.text = "owns 3 sections";
    HttpResponse<String> after = get("/readyz");
    assertEquals(200, after.statusCode());
    assertEquals("ready: owns 3 sections\n", after.body());
  }

  @Test
  void metricsAreInPrometheusTextFormat() throws Exception {
    Counter.builder("ratchet.test.calls").tag("node", "n1").register(registry).increment(3);
    HttpResponse<String> metrics = get("/metrics");
    assertEquals(200, metrics.statusCode());
    assertEquals(
        "text/plain; version=0.0.4; charset=utf-8",
        metrics.headers().firstValue("content-type").orElse(""));
    assertTrue(
        metrics.body().contains("ratchet_test_calls_total{node=\"n1\"} 3.0"), metrics.body());
    for (String name :
        new String[] {"jvm_memory_used_bytes", "jvm_threads_live_threads", "process_cpu_usage"}) {
      assertTrue(metrics.body().contains(name), name);
    }
  }

  @Test
  void indexNamesThePages() throws Exception {
    assertTrue(get("/").body().contains("/metrics"));
    assertEquals(200, get("/healthz?verbose=1").statusCode());
  }

  @Test
  void unknownPathsAndOtherMethodsAreRefused() throws Exception {
    assertEquals(404, get("/nothing").statusCode());
    HttpResponse<String> post =
        send(request("/readyz").POST(HttpRequest.BodyPublishers.ofString("x")).build());
    assertEquals(405, post.statusCode());
    assertEquals("GET, HEAD", post.headers().firstValue("allow").orElse(""));
    assertEquals(413, send(request("/").POST(body(2_000)).build()).statusCode());
  }

  @Test
  void headHasNoBody() throws Exception {
    HttpResponse<String> head =
        send(request("/healthz").method("HEAD", HttpRequest.BodyPublishers.noBody()).build());
    assertEquals(200, head.statusCode());
    assertEquals("", head.body());
  }

  @Test
  void aFaultInAPageIsAnAnswerAndNotALostConnection() throws Exception {
    health.fault = true;
    assertEquals(500, get("/readyz").statusCode());
    assertEquals(200, get("/healthz").statusCode());
  }

  @Test
  void garbageIsRefusedAndTheConnectionClosed() throws Exception {
    String answer = raw("\u0000\u0001\u0002 nonsense\r\n\r\n");
    assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
    assertEquals(200, get("/healthz").statusCode());
  }

  @Test
  void longLinesAndHeadersAreRefusedBeforeTheyAreBuffered() throws Exception {
    String line = raw("GET /" + "a".repeat(AdminServer.MAX_LINE_BYTES) + " HTTP/1.1\r\n\r\n");
    assertTrue(line.startsWith("HTTP/1.1 414 "), line);
    String header =
        raw("GET / HTTP/1.1\r\nx: " + "a".repeat(AdminServer.MAX_HEADER_BYTES) + "\r\n\r\n");
    assertTrue(header.startsWith("HTTP/1.1 431 "), header);
  }

  @Test
  void idleConnectionsAreClosed() throws Exception {
    PrometheusMeterRegistry other = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (AdminServer impatient =
            AdminServer.start(new HostPort("127.0.0.1", 0), other, health, 50);
        Socket silent = new Socket(InetAddress.getLoopbackAddress(), impatient.port())) {
      silent.setSoTimeout(10_000);
      assertEquals(-1, silent.getInputStream().read());
    }
  }

  @Test
  void aPortInUseIsNamed() {
    IOException refused =
        assertThrows(
            IOException.class,
            () ->
                AdminServer.start(
                    new HostPort("127.0.0.1", server.port()),
                    new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                    health));
    assertTrue(String.valueOf(refused.getMessage()).contains("127.0.0.1:" + server.port()));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
        .timeout(Duration.ofSeconds(10));
  }

  private static HttpRequest.BodyPublisher body(int bytes) {
    return HttpRequest.BodyPublishers.ofString("x".repeat(bytes));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(request(path).build());
  }

  private static HttpResponse<String> send(HttpRequest request) throws Exception {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .build()
        .send(request, BodyHandlers.ofString());
  }

  /** Everything the server says to these bytes, up to its closing the connection. */
  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private static final class SwitchableHealth implements Health {
    private volatile boolean ready;
    private volatile boolean fault;
    private volatile String text = "no lease yet";

    @Override
    public boolean isReady() {
      if (fault) {
        throw new IllegalStateException("broken on purpose");
      }
      return ready;
    }

    @Override
    public String describe() {
      return text;
    }
  }
}
