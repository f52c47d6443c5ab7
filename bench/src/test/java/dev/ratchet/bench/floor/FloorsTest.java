package dev.ratchet.bench.floor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ratchet.cli.local.FreePorts;
import dev.ratchet.client.ClientConfig;
import dev.ratchet.client.RatchetClient;
import dev.ratchet.proto.rpc.HostPort;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FloorsTest {
  private static String ask(Socket socket, String command, int bytes) throws Exception {
    socket.getOutputStream().write(command.getBytes(StandardCharsets.US_ASCII));
    return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.US_ASCII);
  }

  @Test
  void countsForRedisClients() throws Exception {
    try (RespFloor floor = RespFloor.bind(0, 1);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), floor.port())) {
      String incr = "*2\r\n$4\r\nINCR\r\n$5\r\nkey:7\r\n";
      assertEquals(":1\r\n:2\r\n", ask(socket, incr + incr, 8));
      assertEquals("+PONG\r\n", ask(socket, "*1\r\n$4\r\nPING\r\n", 7));
      assertEquals(
          "*2\r\n$4\r\nnone", ask(socket, "*3\r\n$6\r\nCONFIG\r\n$3\r\nGET\r\n$4\r\nsave\r\n", 12));
    }
  }

  @Test
  void aCommandMayComeInPieces() throws Exception {
    try (RespFloor floor = RespFloor.bind(0, 1);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), floor.port())) {
      socket.setTcpNoDelay(true);
      for (byte piece : "*2\r\n$4\r\nINCR\r\n$5\r\nkey:9\r\n".getBytes(StandardCharsets.US_ASCII)) {
        socket.getOutputStream().write(piece);
      }
      assertEquals(":1\r\n", ask(socket, "", 4));
    }
  }

  @Test
  void theNativeFloorIsAClusterToTheClient() throws Exception {
    HostPort address = new HostPort("127.0.0.1", FreePorts.find(1, new Random(1)).get(0));
    try (EchoFloor floor = EchoFloor.bind(address, 1);
        RatchetClient client =
            RatchetClient.connect(ClientConfig.of(List.of(address)).withTimeoutMillis(20_000))) {
      String bench = EchoFloor.NAMESPACE.name();
      assertEquals(1, client.next(bench, "42").get(30, TimeUnit.SECONDS).first());
      assertEquals(2, client.next(bench, "42", 5).get(30, TimeUnit.SECONDS).first());
      assertEquals(
          List.of(7L, 1L),
          client.nextAll(bench, List.of("42", "43")).get(30, TimeUnit.SECONDS).stream()
              .map(numbers -> numbers.first())
              .toList());
      assertEquals(address.port(), floor.port());
    }
  }
}
