package dev.ratchet.admin;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;

/** What one path of the admin port answers with. */
@FunctionalInterface
interface Page {
  String TEXT = "text/plain; charset=utf-8";
  String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  /** The answer as of now. */
  Answer get();

  /** Status, content type and text. */
  record Answer(HttpResponseStatus status, String contentType, String text) {
    static Answer text(HttpResponseStatus status, String text) {
      return new Answer(status, TEXT, text.endsWith("\n") ? text : text + "\n");
    }
  }

  /** All pages by path. */
  static Map<String, Page> all(PrometheusMeterRegistry registry, Health health) {
    return Map.of(
        "/", () -> Answer.text(HttpResponseStatus.OK, INDEX),
        "/healthz", () -> Answer.text(HttpResponseStatus.OK, "alive"),
        "/readyz", () -> readiness(health),
        "/metrics",
            () -> new Answer(HttpResponseStatus.OK, PROMETHEUS, registry.scrape(PROMETHEUS)));
  }

  private static Answer readiness(Health health) {
    boolean ready = health.isReady();
    String description = health.describe();
    return ready
        ? Answer.text(HttpResponseStatus.OK, "ready: " + description)
        : Answer.text(HttpResponseStatus.SERVICE_UNAVAILABLE, "not ready: " + description);
  }

  String INDEX =
      """
      Ratchet admin port
      /healthz  200 while the process lives
      /readyz   200 while it serves calls, else 503 and the reason
      /metrics  metrics in the Prometheus text format
      """;
}
