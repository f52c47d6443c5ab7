package dev.ratchet.stress.lincheck;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every order in which threads can meet inside a section gives what some order of one thread at a
 * time gives. {@code -Dlincheck.iterations=N} looks at more scenarios.
 */
class SectionLinearizabilityTest {
  private static final int ITERATIONS = Integer.getInteger("lincheck.iterations", 15);

  private static void modelCheck(Class<?> operations) {
    new ModelCheckingOptions()
        .iterations(ITERATIONS)
        .invocationsPerIteration(500)
        .threads(2)
        .actorsPerThread(3)
        .actorsBefore(1)
        .actorsAfter(2)
        .sequentialSpecification(SequentialSection.class)
        .check(operations);
  }

  @ParameterizedTest
  @ValueSource(classes = {SectionAllocation.OfUids.class, SectionAllocation.OfStrings.class})
  void everyScheduleIsLinearizable(Class<?> operations) {
    modelCheck(operations);
  }

  @ParameterizedTest
  @ValueSource(classes = {SectionAllocation.OfUids.class, SectionAllocation.OfStrings.class})
  void realThreadsAreLinearizable(Class<?> operations) {
    new StressOptions()
        .iterations(ITERATIONS)
        .invocationsPerIteration(2_000)
        .threads(3)
        .actorsPerThread(3)
        .actorsBefore(1)
        .actorsAfter(2)
        .sequentialSpecification(SequentialSection.class)
        .check(operations);
  }

  @Test
  void aCounterThatLooksAndThenSetsIsFound() {
    AssertionError found =
        assertThrows(AssertionError.class, () -> modelCheck(BrokenAllocation.class));
    assertTrue(
        String.valueOf(found.getMessage()).contains("Invalid execution results"),
        found.getMessage());
  }
}
