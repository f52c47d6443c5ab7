package dev.ratchet.store.state;

/**
 * The last restore from a backup, and what it left for sections that are granted for the first time
 * after it.
 *
 * @param id random number of the restore; 0 when there never was one
 * @param active whether it is under way: nobody gets a lease until it ends
 * @param jump numbers by which it lifts every ceiling
 * @param owner incarnation that owns restored sections: it was never given out, so its lease is
 *     over
 * @param backupEpoch epoch floor of the backup, for its sections that were never granted
 * @param backupNumber number floor of the backup
 * @param namespaceId namespace of the section to be restored next; 0 when all are
 * @param section that section
 * @param floorEpoch sections never granted begin above this epoch
 * @param floorNumber sections never granted begin above this number: one like it may have been
 *     granted in the life that the backup did not see
 */
public record RestoreRecord(
    long id,
    boolean active,
    long jump,
    int owner,
    long backupEpoch,
    long backupNumber,
    int namespaceId,
    int section,
    long floorEpoch,
    long floorNumber) {

  /** Of a cluster that was never restored. */
  public static final RestoreRecord NONE = new RestoreRecord(0, false, 0, 0, 0, 0, 0, 0, 0, 0);

  RestoreRecord at(int nextNamespace, int nextSection) {
    return new RestoreRecord(
        id,
        active,
        jump,
        owner,
        backupEpoch,
        backupNumber,
        nextNamespace,
        nextSection,
        floorEpoch,
        floorNumber);
  }

  RestoreRecord ended() {
    return new RestoreRecord(
        id, false, jump, owner, backupEpoch, backupNumber, 0, 0, floorEpoch, floorNumber);
  }

  /** A section as it is before its first grant. */
  SectionRecord unborn() {
    return new SectionRecord(0, floorEpoch, floorNumber, floorNumber, 0, 0, 0, false);
  }
}
