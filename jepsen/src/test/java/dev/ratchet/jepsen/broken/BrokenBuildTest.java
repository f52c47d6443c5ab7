package dev.ratchet.jepsen.broken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ratchet.store.state.SectionRecord;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.loading.ByteArrayClassLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A broken build that breaks nothing would make every check of the harness look good. */
class BrokenBuildTest {
  private static final ClassFileLocator FILES = ClassFileLocator.ForClassLoader.ofSystemLoader();

  @ParameterizedTest
  @EnumSource
  void everyBugFindsWhatItBreaks(Bug bug) {
    Map<String, byte[]> classes = BrokenBuild.classes(List.of(bug), FILES);

    assertFalse(classes.isEmpty());
    // What the JVM would refuse, it refuses here.
    ByteArrayClassLoader loader = loader(classes);
    classes.keySet().forEach(name -> load(loader, name));
  }

  @Test
  void bugsOfOneClassGoTogether() {
    Map<String, byte[]> both =
        BrokenBuild.classes(Bug.parse("split-grant+release-loses-positions", ""), FILES);

    assertEquals(1, both.size());
  }

  @Test
  void theBrokenCodeRuns() throws ReflectiveOperationException {
    Class<?> lease =
        load(loader(BrokenBuild.classes(List.of(Bug.LEASE_IGNORED), FILES)), leaseName());
    Object over = lease.getConstructor(int.class, long.class, long.class).newInstance(1, 10L, 5L);
    Method isValid = lease.getMethod("isValid", long.class);

    assertEquals(true, isValid.invoke(over, 1_000L));
  }

  private static String leaseName() {
    return "dev/ratchet/alloc/lease/Lease";
  }

  @Test
  void aClassThatIsGoneIsNamed() {
    assertTells(
        "there is no class dev.ratchet.alloc.lease.Tenancy to break any more",
        Break.of("alloc.lease.Tenancy", "isValid", LeaseIgnored.class, Break.LONG));
  }

  @Test
  void aMethodThatIsGoneIsNamed() {
    assertTells(
        "there are 0 methods dev.ratchet.alloc.lease.Lease.isValid(int) to break; there must be"
            + " one",
        Break.of("alloc.lease.Lease", "isValid", LeaseIgnored.class, Break.INT));
  }

  @Test
  void aFieldThatIsGoneIsNamed() {
    assertTells(
        "dev.ratchet.alloc.lease.Lease can't be broken any more: Cannot locate field named"
            + " lastIncarnation",
        Break.of("alloc.lease.Lease", "isValid", NeverRegistersAgain.class, Break.LONG));
  }

  private static void assertTells(String why, Break one) {
    IllegalStateException told =
        assertThrows(IllegalStateException.class, () -> BrokenClass.of(List.of(one), FILES));
    assertTrue(String.valueOf(told.getMessage()).startsWith(why), told::getMessage);
  }

  @Test
  void aClassThatIsLoadedAlreadyIsNamed() {
    Map<String, byte[]> classes = BrokenBuild.classes(List.of(Bug.SPLIT_GRANT), FILES);
    Class<?>[] loaded = {String.class, SectionRecord.class};

    IllegalStateException told =
        assertThrows(
            IllegalStateException.class, () -> BrokenBuild.requireUnloaded(classes, loaded));
    assertEquals(
        "dev.ratchet.store.state.SectionRecord was loaded before it could be broken",
        told.getMessage());
  }

  @Test
  void anUnknownBugIsRefusedWithThoseThereAre() {
    IllegalArgumentException told =
        assertThrows(IllegalArgumentException.class, () -> Bug.parse("lease-ignored+leese", ""));

    assertTrue(String.valueOf(told.getMessage()).startsWith("there is no bug 'leese'; there are"));
    assertTrue(String.valueOf(told.getMessage()).contains("lease-ignored"));
  }

  @Test
  void aBugMayBeOneNodesAlone() {
    String line = "lease-ignored+slow-machine@alloc-1";

    assertEquals(
        List.of(Bug.LEASE_IGNORED, Bug.SLOW_MACHINE),
        Bug.parse(line, "ratchet.jar alloc --config /run/alloc-1/alloc-1.yaml"));
    assertEquals(
        List.of(Bug.LEASE_IGNORED),
        Bug.parse(line, "ratchet.jar alloc --config /run/alloc-11/alloc-11.yaml"));
  }

  @Test
  void noBugAtAllIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Bug.parse(null, ""));
  }

  /** Has the broken classes, and all others from the class path. */
  private static ByteArrayClassLoader loader(Map<String, byte[]> classes) {
    Map<String, byte[]> byName = new TreeMap<>();
    classes.forEach((name, bytes) -> byName.put(name.replace('/', '.'), bytes));
    return new ByteArrayClassLoader.ChildFirst(
        BrokenBuildTest.class.getClassLoader(),
        byName,
        ByteArrayClassLoader.PersistenceHandler.MANIFEST);
  }

  private static Class<?> load(ClassLoader loader, String name) {
    try {
      Class<?> loaded = Class.forName(name.replace('/', '.'), false, loader);
      assertEquals(loader, loaded.getClassLoader());
      assertTrue(loaded.getDeclaredMethods().length > 0); // links and verifies it
      return loaded;
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
