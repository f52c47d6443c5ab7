package dev.ratchet.testkit.rules;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The replicated state machine and the placement rules take no clock, random number, thread or I/O:
 * the same log gives the same state, byte for byte, and time enters as an argument.
 */
class PurityRulesTest {
  /**
   * Everything of the JDK that pure code may touch, by package; whatever is not named is refused.
   */
  private static final Set<String> PACKAGES =
      Set.of(
          "java.lang",
          "java.lang.invoke",
          "java.lang.runtime",
          "java.nio",
          "java.nio.charset",
          "java.util",
          "java.util.function",
          "java.util.stream",
          "java.util.zip");

  /** Classes of those packages that are refused all the same. */
  private static final Set<String> REFUSED =
      Set.of(
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.util.UUID",
          "java.util.Date",
          "java.util.Calendar",
          "java.util.Timer",
          "java.util.IdentityHashMap",
          "java.util.WeakHashMap",
          "java.util.Scanner",
          "java.lang.Thread",
          "java.lang.ThreadLocal",
          "java.lang.Process",
          "java.lang.ProcessBuilder",
          "java.lang.Runtime",
          "java.lang.System");

  /** Classes of other packages that are fine: arithmetic on units, codecs' own, and an address. */
  private static final Set<String> ALLOWED =
      Set.of(
          "java.util.concurrent.TimeUnit",
          "java.io.Serializable",
          "dev.ratchet.proto.rpc.HostPort");

  private static final Set<String> PURE_LIBRARIES =
      Set.of("org.jspecify.annotations", "com.google.errorprone.annotations.concurrent");

  /** Calls that give another answer each time, or on each machine. */
  private static final Map<String, Set<String>> CALLS =
      Map.of(
          "java.lang.Math", Set.of("random"),
          "java.lang.System",
              Set.of("nanoTime", "currentTimeMillis", "identityHashCode", "getenv", "getProperty"),
          "java.util.Collections", Set.of("shuffle"),
          "java.util.Locale", Set.of("getDefault"));

  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.ratchet");

  @ParameterizedTest
  @ValueSource(strings = {"dev.ratchet.store.state", "dev.ratchet.store.placement"})
  void takesNothingFromTheWorld(String room) {
    assertTrue(PRODUCT.stream().anyMatch(type -> type.getPackageName().equals(room)), room);
    onlyPure(room).check(PRODUCT);
    noWorldlyCall(room).check(PRODUCT);
  }

  /** The rules bite: code that is known to use clocks, sockets and threads does not pass. */
  @Test
  void theRulesCatchCodeThatIsNotPure() {
    for (String room : List.of("dev.ratchet.proto.rpc", "dev.ratchet.proto.time")) {
      assertThrows(
          AssertionError.class,
          () -> {
            onlyPure(room).check(PRODUCT);
            noWorldlyCall(room).check(PRODUCT);
          },
          room);
    }
  }

  private static ArchRule onlyPure(String room) {
    return classes()
        .that()
        .resideInAPackage(room)
        .should()
        .onlyDependOnClassesThat(describe("are pure", type -> isPure(type, room)));
  }

  private static boolean isPure(JavaClass type, String room) {
    JavaClass plain = type.getBaseComponentType();
    String name = plain.getPackageName();
    String outer = plain.getFullName().replaceAll("\\$.*", "");
    if (plain.isPrimitive() || ALLOWED.contains(outer) || PURE_LIBRARIES.contains(name)) {
      return true;
    }
    if (name.startsWith("dev.ratchet.proto")) {
      return !name.startsWith("dev.ratchet.proto.rpc")
          && !name.startsWith("dev.ratchet.proto.time");
    }
    // System is met through arraycopy only; the calls that matter are refused below.
    boolean refused = REFUSED.contains(outer) && !outer.equals("java.lang.System");
    return !refused
        && (PACKAGES.contains(name)
            || name.equals(room)
            || name.startsWith("dev.ratchet.store.state"));
  }

  private static ArchRule noWorldlyCall(String room) {
    DescribedPredicate<JavaAccess<?>> worldly =
        describe(
            "depends on time, chance or the machine",
            call ->
                CALLS
                    .getOrDefault(call.getTargetOwner().getFullName(), Set.of())
                    .contains(call.getName()));
    return noClasses().that().resideInAPackage(room).should().accessTargetWhere(worldly);
  }
}
