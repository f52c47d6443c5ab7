package dev.ratchet.alloc.lease;

import dev.ratchet.alloc.section.SectionTable;

/**
 * One incarnation's lease and the sections held under it. A new lease starts with a new, empty
 * table: nothing of an old tenure can be served under another's lease. Compared by identity.
 */
public final class Tenure {
  private final Lease lease;
  private final SectionTable sections = new SectionTable();

  public Tenure(Lease lease) {
    this.lease = lease;
  }

  public int incarnation() {
    return lease.incarnation();
  }

  public Lease lease() {
    return lease;
  }

  public SectionTable sections() {
    return sections;
  }
}
