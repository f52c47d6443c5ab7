package dev.ratchet.jepsen.broken;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.bytebuddy.dynamic.ClassFileLocator;
import org.jspecify.annotations.Nullable;

/**
 * The agent. Makes every broken class before the node starts, so that a bug that no longer finds
 * what it breaks ends the process at once, with exit code {@value #CANT_BREAK}.
 */
public final class BrokenBuild implements ClassFileTransformer {
  /** The node did not start, since it could not be broken as asked. */
  public static final int CANT_BREAK = 70;

  private final Map<String, byte[]> classes;

  private BrokenBuild(Map<String, byte[]> classes) {
    this.classes = classes;
  }

  /** {@code bugs}: see {@link Bug#parse}. */
  public static void premain(@Nullable String bugs, Instrumentation jvm) {
    try {
      List<Bug> chosen = Bug.parse(bugs, System.getProperty("sun.java.command", ""));
      Map<String, byte[]> classes =
          classes(chosen, ClassFileLocator.ForClassLoader.ofSystemLoader());
      requireUnloaded(classes, jvm.getAllLoadedClasses());
      jvm.addTransformer(new BrokenBuild(classes));
      chosen.forEach(bug -> System.err.println("BROKEN BUILD, for tests only: " + bug));
    } catch (RuntimeException e) {
      System.err.println("ratchet-broken: " + e.getMessage());
      Runtime.getRuntime().halt(CANT_BREAK);
    }
  }

  /** The broken classes of some bugs, by name as class files write it. */
  static Map<String, byte[]> classes(List<Bug> bugs, ClassFileLocator files) {
    Map<String, List<Break>> byClass =
        bugs.stream()
            .flatMap(bug -> bug.breaks().stream())
            .collect(Collectors.groupingBy(Break::type, TreeMap::new, Collectors.toList()));
    Map<String, byte[]> classes = new TreeMap<>();
    byClass.forEach(
        (name, breaks) -> classes.put(name.replace('.', '/'), BrokenClass.of(breaks, files)));
    return classes;
  }

  /** A class that is loaded stays as it is. */
  static void requireUnloaded(Map<String, byte[]> classes, Class<?>[] loaded) {
    for (Class<?> one : loaded) {
      if (classes.containsKey(one.getName().replace('.', '/'))) {
        throw new IllegalStateException(one.getName() + " was loaded before it could be broken");
      }
    }
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      String name,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] file) {
    return classes.get(name);
  }
}
