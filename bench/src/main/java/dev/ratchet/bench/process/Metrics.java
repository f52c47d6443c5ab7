package dev.ratchet.bench.process;

import dev.ratchet.proto.rpc.HostPort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The figures that a node tells on {@code /metrics}, as they were at one moment. */
public record Metrics(String page) {
  private static final Duration BOUND = Duration.ofSeconds(5);

  /**
   * Asks a node.
   *
   * @throws IOException when it does not answer
   */
  public static Metrics read(HostPort admin) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + admin + "/metrics")).timeout(BOUND).build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("http://" + admin + "/metrics answers " + answer.statusCode());
    }
    return new Metrics(answer.body());
  }

  /** A figure, added up over its labels; 0 where there is none. */
  public double sum(String name) {
    return page.lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
