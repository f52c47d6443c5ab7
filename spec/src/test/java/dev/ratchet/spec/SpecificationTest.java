package dev.ratchet.spec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Checks {@code Ratchet.tla} with TLC: all models hold, and each rule left out breaks the promise
 * that its negative control names.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SpecificationTest {
  private static final String MODULE = "Ratchet.tla";
  private static final int PROCESSES = 2;

  private final Map<Model, Outcome> outcomes = new LinkedHashMap<>();

  @BeforeAll
  void checkAll() throws IOException, InterruptedException, ExecutionException {
    List<Model> models = new ArrayList<>(Model.in("models"));
    models.addAll(Model.in("negative"));
    Tlc tlc = new Tlc(Path.of("target", "tlc").toAbsolutePath());
    ExecutorService processes = Executors.newFixedThreadPool(PROCESSES);
    try {
      Map<Model, Future<Outcome>> running = new LinkedHashMap<>();
      for (Model model : models) {
        running.put(model, processes.submit(() -> tlc.check(MODULE, model)));
      }
      for (Map.Entry<Model, Future<Outcome>> run : running.entrySet()) {
        outcomes.put(run.getKey(), run.getValue().get());
      }
    } finally {
      processes.shutdownNow();
    }
    print();
  }

  private void print() {
    System.out.printf(Locale.ROOT, "%n%-36s %9s %8s  %s%n", "model", "states", "seconds", "result");
    outcomes.forEach(
        (model, outcome) ->
            System.out.printf(
                Locale.ROOT,
                "%-36s %9d %8.1f  %s%n",
                model.name(),
                outcome.states(),
                outcome.millis() / 1e3,
                result(model, outcome)));
  }

  private static String result(Model model, Outcome outcome) {
    if (!model.problemWith(outcome).isEmpty()) {
      return "WRONG";
    }
    return model.isNegative() ? "violates " + model.violates() + ", as it must" : "holds";
  }

  @Test
  void everyModelEndsAsItMust() {
    assertAll(
        outcomes.entrySet().stream()
            .map(
                run ->
                    () ->
                        assertEquals(
                            "", run.getKey().problemWith(run.getValue()), run.getKey().name())));
  }

  /** A rule that holds in no model would be tested by nothing. */
  @Test
  void aModelDropsRulesExactlyIfItIsANegativeControl() {
    outcomes
        .keySet()
        .forEach(
            model -> assertEquals(model.isNegative(), !model.dropped().isEmpty(), model.name()));
  }

  @Test
  void everyRuleHasANegativeControl() throws IOException {
    Set<String> dropped = new TreeSet<>();
    outcomes.keySet().forEach(model -> dropped.addAll(model.dropped()));
    assertEquals(rules(), dropped);
  }

  private static Set<String> rules() throws IOException {
    String text = Files.readString(Path.of(MODULE), UTF_8);
    Matcher rules = Pattern.compile("(?s)AllRules ==(.*?)}").matcher(text);
    assertTrue(rules.find(), "no AllRules in " + MODULE);
    return Model.quoted(rules.group(1));
  }

  /** The steps that only a dropped rule makes possible are not asked for. */
  @Test
  void everyStepIsTakenInSomeModelThatHolds() throws IOException {
    Set<String> taken = new TreeSet<>();
    outcomes.forEach(
        (model, outcome) -> {
          if (!model.isNegative()) {
            taken.addAll(outcome.actions());
          }
        });
    Set<String> missing = steps();
    assertFalse(missing.isEmpty());
    missing.remove("ReadCeiling");
    missing.removeAll(taken);
    assertEquals(Set.of(), missing, "steps that no model takes");
  }

  private static Set<String> steps() throws IOException {
    String text = Files.readString(Path.of(MODULE), UTF_8);
    String next = text.substring(text.indexOf("\nNext ==\n"), text.indexOf("\nSpec =="));
    Set<String> steps = new TreeSet<>();
    for (String line : next.lines().toList()) {
      Matcher step = Pattern.compile(" {2}\\\\/ (?:\\\\E .* : )?(\\w+)(?:\\(.*\\))?").matcher(line);
      if (step.matches()) {
        steps.add(step.group(1));
      }
    }
    return steps;
  }
}
