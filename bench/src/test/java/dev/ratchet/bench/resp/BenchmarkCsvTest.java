package dev.ratchet.bench.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.cli.CliException;
import org.junit.jupiter.api.Test;

class BenchmarkCsvTest {
  @Test
  void readsTheRateOfVersion7() {
    assertEquals(
        121951.22,
        BenchmarkCsv.requestsPerSecond(
            """
            "test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms","max_latency_ms"
            "INCR key:__rand_int__","121951.22","0.259","0.064","0.255","0.375","0.567","2.159"
            """));
  }

  @Test
  void readsTheRateOfVersion6Point0() {
    assertEquals(
        99800.4, BenchmarkCsv.requestsPerSecond("\"INCR key:__rand_int__\",\"99800.40\"\n"));
  }

  @Test
  void aServerWithoutSettingsIsNoError() {
    assertEquals(
        5,
        BenchmarkCsv.requestsPerSecond(
            "ERROR: failed to fetch CONFIG from 127.0.0.1:1\n\"INCR k\",\"5.00\",\"1\"\n"));
  }

  @Test
  void anAnswerThatIsAnErrorIsTold() {
    CliException failure =
        assertThrows(
            CliException.class,
            () ->
                BenchmarkCsv.requestsPerSecond(
                    "Error from server: ERR no such namespace\n\"INCR k\",\"5.00\"\n"));
    assertTrue(String.valueOf(failure.getMessage()).contains("no such namespace"));
  }

  @Test
  void anOutputWithoutARateIsTold() {
    CliException failure =
        assertThrows(
            CliException.class,
            () -> BenchmarkCsv.requestsPerSecond("Could not connect to Redis\n"));
    assertTrue(String.valueOf(failure.getMessage()).contains("Could not connect"));
  }
}
