package dev.ratchet.testkit.rules;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may know whom: the table of rooms in {@code docs/architecture.md}. */
class ModuleRulesTest {
  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.ratchet");

  /** Rows of the table: the module (or nothing), then packages in backquotes. */
  private static final Pattern ROW = Pattern.compile("(?m)^\\| (?:`[a-z-]+`)? ?\\| (`[^|]+`) \\|");

  private static final Pattern QUOTED = Pattern.compile("`([a-z.]+)`");

  static List<String> rooms() throws IOException {
    String page = Files.readString(Home.path().resolve("docs/architecture.md"));
    List<String> rooms = new ArrayList<>();
    String module = "";
    Matcher row = ROW.matcher(page.substring(page.indexOf("## Rooms")));
    while (row.find()) {
      Matcher name = QUOTED.matcher(row.group(1));
      while (name.find()) {
        String room = name.group(1);
        if (!room.startsWith(".")) {
          Matcher parent = Pattern.compile("dev\\.ratchet\\.[a-z]+").matcher(room);
          module = parent.find() ? parent.group() : module;
          rooms.add(room);
        } else {
          rooms.add(module + room);
        }
      }
    }
    return rooms;
  }

  @Test
  void theTableOfRoomsIsRead() throws IOException {
    assertEquals("dev.ratchet.proto", rooms().get(0));
    assertFalse(rooms().size() < 20, () -> "only " + String.join(" ", uncheckedRooms()));
  }

  private static List<String> uncheckedRooms() {
    try {
      return rooms();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void aRoomThatIsNamedIsNotEmpty(String room) {
    if (room.equals("dev.ratchet.testkit")) {
      return; // it holds tests only
    }
    long found =
        PRODUCT.stream().filter(c -> c.getPackageName().startsWith(room) && named(c)).count();
    assertFalse(found == 0, () -> room + " is named in docs/architecture.md and is empty");
  }

  private static boolean named(com.tngtech.archunit.core.domain.JavaClass type) {
    return !type.getSimpleName().equals("package-info");
  }

  /** Modules meet on the wire; only the command, and tests, see all of them. */
  @ParameterizedTest
  @CsvSource({
    "proto, proto",
    "admin, proto admin",
    "store, proto store",
    "alloc, proto alloc",
    "client, proto client",
    "router, proto client router",
  })
  void aModuleKnowsOnlyThoseBelowIt(String module, String allowed) {
    String[] packages =
        List.of(allowed.split(" ", -1)).stream().map(ModuleRulesTest::all).toArray(String[]::new);
    classes()
        .that()
        .resideInAPackage(all(module))
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(packages).or(not(resideInAPackage("dev.ratchet.."))))
        .check(PRODUCT);
  }

  private static String all(String module) {
    return "dev.ratchet." + module + "..";
  }

  @ParameterizedTest
  @CsvSource({
    "com.alipay.., store.raft",
    "org.rocksdb.., store.rocks store.raft",
    "io.protostuff.., proto.wire",
    "picocli.., cli",
    "org.snakeyaml.., cli",
    "ch.qos.logback.., cli",
    "com.google.protobuf.., store.raft",
  })
  void aLibraryStaysInItsRoom(String library, String rooms) {
    String[] packages =
        List.of(rooms.split(" ", -1)).stream().map(ModuleRulesTest::all).toArray(String[]::new);
    noClasses()
        .that()
        .resideOutsideOfPackages(packages)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(PRODUCT);
  }

  @ParameterizedTest
  @CsvSource({
    "com.alipay.sofa.., store.raft",
    "org.rocksdb.., store.rocks",
    "io.protostuff.., proto.wire",
    "picocli.., cli"
  })
  void aLibraryIsUsedAtAll(String library, String room) {
    boolean used =
        PRODUCT.stream()
            .filter(type -> resideInAPackage(all(room)).test(type))
            .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
            .anyMatch(known -> resideInAPackage(library).test(known.getTargetClass()));
    assertFalse(!used, () -> room + " does not use " + library + ": the rule above guards nothing");
  }

  /** But for the command's own package: it names its parts, which use its exit codes and errors. */
  @Test
  void packagesFormNoCycles() {
    slices()
        .matching("dev.ratchet.(**)")
        .should()
        .beFreeOfCycles()
        .ignoreDependency(
            resideInAPackage("dev.ratchet.cli.*.."), resideInAPackage("dev.ratchet.cli"))
        .check(PRODUCT);
  }

  /** A node that ends the process hides what it could have said; only these two may. */
  @Test
  void onlyTheCommandAndAFatalDiskFaultEndTheProcess() {
    ArchRule exit =
        noClasses()
            .that()
            .resideOutsideOfPackage("dev.ratchet.cli..")
            .and()
            .doNotHaveFullyQualifiedName("dev.ratchet.store.disk.HaltAction")
            .should()
            .callMethodWhere(
                com.tngtech.archunit.core.domain.JavaCall.Predicates.target(
                        com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching(
                            "exit|halt"))
                    .and(
                        com.tngtech.archunit.core.domain.JavaCall.Predicates.target(
                            com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With
                                .owner(
                                    com.tngtech.archunit.core.domain.JavaClass.Predicates
                                        .assignableTo(System.class)
                                        .or(
                                            com.tngtech.archunit.core.domain.JavaClass.Predicates
                                                .assignableTo(Runtime.class))))));
    exit.check(PRODUCT);
  }

  @Test
  void onlyTheCommandPrints() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.ratchet.cli..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("java.util.logging..")
        .check(PRODUCT);
  }
}
