package dev.ratchet.jepsen;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import clojure.java.api.Clojure;
import clojure.lang.IFn;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Builds of the server that are broken on purpose: each must be found by the check whose promise it
 * breaks. The scenarios are in {@code ratchet.jepsen.broken.scenarios}; {@code -Dbroken=all} runs
 * every one, and without it those few that show the worst bugs.
 */
class BrokenBuildsSystemTest {
  private static final String RUN = "ratchet.jepsen.broken.run";
  private static final String PROOF = "ratchet.jepsen.broken.proof";

  @TestFactory
  List<DynamicTest> everyBrokenBuildIsFound() {
    Clojure.var("clojure.core", "require").invoke(Clojure.read(PROOF));
    Collection<?> problems = (Collection<?>) Clojure.var(RUN, "problems").invoke();
    Assumptions.assumeTrue(
        problems.isEmpty(), () -> "clusters can't be cut into zones here: " + problems);
    Map<?, ?> tests =
        (Map<?, ?>)
            Objects.requireNonNull(
                Clojure.var(PROOF, "tests").invoke(System.getProperty("broken", "short")));
    List<DynamicTest> all = new ArrayList<>();
    tests.forEach((title, test) -> all.add(dynamicTest((String) title, () -> ((IFn) test).call())));
    return all;
  }
}
