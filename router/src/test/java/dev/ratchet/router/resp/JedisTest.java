package dev.ratchet.router.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.proto.rpc.HostPort;
import dev.ratchet.router.RouterFixture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;

/** An everyday Redis client against the router. */
@Timeout(60)
class JedisTest {
  private static RouterFixture fixture;

  @BeforeAll
  static void start() throws IOException {
    fixture = new RouterFixture();
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  private static Jedis connect(RedisProtocol protocol) {
    HostPort address = fixture.router.respAddress();
    return new Jedis(
        new HostAndPort(address.host(), address.port()),
        DefaultJedisClientConfig.builder().protocol(protocol).clientName("test").build());
  }

  @ParameterizedTest
  @EnumSource(RedisProtocol.class)
  void everydayCommands(RedisProtocol protocol) {
    String key = "orders:" + protocol;
    try (Jedis jedis = connect(protocol)) {
      assertEquals("PONG", jedis.ping());
      assertNull(jedis.get(key));
      assertEquals(1, jedis.incr(key));
      assertEquals(6, jedis.incrBy(key, 5));
      assertEquals("6", jedis.get(key));
      assertEquals(Arrays.asList("6", null), jedis.mget(key, "orders:none"));
      assertTrue(jedis.info().contains("ratchet_version"));
      assertTrue(
          String.valueOf(
                  assertThrows(JedisDataException.class, () -> jedis.set(key, "1")).getMessage())
              .contains("numbers only go up"));
      assertThrows(JedisDataException.class, () -> jedis.decr(key));
      assertEquals(7, jedis.incr(key));
    }
  }

  @Test
  void aPipeline() {
    try (Jedis jedis = connect(RedisProtocol.RESP2)) {
      Pipeline pipeline = jedis.pipelined();
      List<Response<Long>> replies = new ArrayList<>();
      for (int i = 0; i < 5_000; i++) {
        replies.add(pipeline.incr("orders:pipe" + i % 3));
      }
      pipeline.sync();
      for (int i = 0; i < 5_000; i++) {
        assertEquals(i / 3 + 1, replies.get(i).get());
      }
    }
  }

  @Test
  void manyClientsOfOneKeyNeverShareANumber() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    Callable<List<Long>> task =
        () -> {
          List<Long> numbers = new ArrayList<>();
          try (Jedis jedis = connect(RedisProtocol.RESP3)) {
            for (int i = 0; i < 500; i++) {
              numbers.add(jedis.incr("orders:shared"));
            }
          }
          return numbers;
        };
    Set<Long> all = new HashSet<>();
    for (Future<List<Long>> future : threads.invokeAll(Collections.nCopies(8, task))) {
      long last = 0;
      for (long number : future.get()) {
        assertTrue(number > last);
        last = number;
        assertTrue(all.add(number), () -> number + " came twice");
      }
    }
    threads.shutdown();
    assertEquals(4_000, all.size());
  }
}
