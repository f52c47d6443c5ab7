package dev.ratchet.jepsen;

import static org.junit.jupiter.api.Assertions.assertFalse;

import clojure.java.api.Clojure;
import clojure.lang.IFn;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Runs the tests that are written in Clojure: each {@code deftest} is a test of its own here. */
class ClojureTest {
  private static final String BRIDGE = "ratchet.jepsen.bridge";

  @TestFactory
  List<DynamicNode> inClojure() {
    Clojure.var("clojure.core", "require").invoke(Clojure.read(BRIDGE));
    List<DynamicNode> spaces = new ArrayList<>();
    for (Object space : (List<?>) Clojure.var(BRIDGE, "spaces").invoke()) {
      List<DynamicTest> tests = new ArrayList<>();
      for (Object test : (List<?>) Clojure.var(BRIDGE, "tests").invoke(space)) {
        List<?> nameAndBody = (List<?>) test;
        tests.add(
            DynamicTest.dynamicTest(
                (String) nameAndBody.get(0), () -> ((IFn) nameAndBody.get(1)).invoke()));
      }
      assertFalse(tests.isEmpty(), () -> space + " has no test");
      spaces.add(DynamicContainer.dynamicContainer(space.toString(), tests));
    }
    assertFalse(spaces.isEmpty(), "no Clojure test was found");
    return spaces;
  }
}
