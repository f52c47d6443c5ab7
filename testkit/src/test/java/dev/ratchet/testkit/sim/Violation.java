package dev.ratchet.testkit.sim;

/** The contract did not hold in a simulated run. */
final class Violation extends AssertionError {
  private static final long serialVersionUID = 1L;

  private final Rule rule;

  /** What was broken. */
  enum Rule {
    UNIQUE,
    SESSION_ORDER,
    REAL_TIME_ORDER,
    GAPS,
    CURRENT,
    CEILING,
    ONE_OWNER,
    NEVER_DOWN,
    SAME_REPLICAS,
    LIVENESS
  }

  Violation(Rule rule, String what) {
    super(rule + ": " + what);
    this.rule = rule;
  }

  Rule rule() {
    return rule;
  }
}
