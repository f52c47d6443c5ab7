package dev.ratchet.bench.process;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * What the threads of another JVM have allocated, by that JVM's own count. Those that have ended
 * are left out; asking takes a few hundred kilobytes itself.
 */
public final class Allocated implements AutoCloseable {
  private final JMXConnector connector;
  private final ThreadMXBean threads;

  private Allocated(JMXConnector connector, ThreadMXBean threads) {
    this.connector = connector;
    this.threads = threads;
  }

  /**
   * Begins to ask a server.
   *
   * @throws IOException when its JVM lets nobody in
   */
  @SuppressWarnings("BanJNDI") // the other end is a child of this process, on this machine
  public static Allocated in(ServerProcess server) throws IOException {
    JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(agent(server)));
    ThreadMXBean threads =
        ManagementFactory.newPlatformMXBeanProxy(
            connector.getMBeanServerConnection(),
            ManagementFactory.THREAD_MXBEAN_NAME,
            ThreadMXBean.class);
    return new Allocated(connector, threads);
  }

  private static String agent(ServerProcess server) throws IOException {
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(server.pid()));
      try {
        return machine.startLocalManagementAgent();
      } finally {
        machine.detach();
      }
    } catch (AttachNotSupportedException e) {
      throw new IOException("can't attach to " + server.name() + ": " + e.getMessage(), e);
    }
  }

  /** Bytes allocated so far. */
  public long bytes() {
    long[] each = threads.getThreadAllocatedBytes(threads.getAllThreadIds());
    return Arrays.stream(each).filter(bytes -> bytes > 0).sum();
  }

  @Override
  public void close() throws IOException {
    connector.close();
  }
}
