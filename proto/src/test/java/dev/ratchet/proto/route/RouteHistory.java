package dev.ratchet.proto.route;

import dev.ratchet.proto.key.Namespace;
import dev.ratchet.proto.message.OwnerInfo;
import dev.ratchet.proto.message.RouteDelta;
import dev.ratchet.proto.message.SectionRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A random history of owners, sections and namespaces, told in deltas of one version each. */
final class RouteHistory {
  private final Random random;
  private final Map<Integer, Namespace> namespaces = new LinkedHashMap<>();
  private final Map<Integer, OwnerInfo> owners = new LinkedHashMap<>();
  private final Map<Integer, Section[]> sections = new LinkedHashMap<>();
  private long version;
  private int lastIncarnation;

  private record Section(int owner, long epoch) {}

  RouteHistory(Random random) {
    this.random = random;
  }

  long version() {
    return version;
  }

  /** The next thing that happens. */
  RouteDelta next() {
    List<SectionRun> runs = new ArrayList<>();
    int what = random.nextInt(10);
    if (namespaces.isEmpty() || (what == 0 && namespaces.size() < 6)) {
      create();
    } else if (owners.isEmpty() || (what == 1 && owners.size() < 6)) {
      register();
    } else if (what == 2) {
      expire(runs);
    } else {
      grant(runs);
    }
    version++;
    return new RouteDelta(version - 1, version, namespaces(), owners(), runs);
  }

  private List<Namespace> namespaces() {
    return List.copyOf(namespaces.values());
  }

  private List<OwnerInfo> owners() {
    return List.copyOf(owners.values());
  }

  private void create() {
    int id = namespaces.size() + 1;
    Namespace made = Namespace.string("n" + id, 1 + random.nextInt(12), 1).withId(id);
    namespaces.put(id, made);
    Section[] none = new Section[made.sectionCount()];
    Arrays.fill(none, new Section(0, 0));
    sections.put(id, none);
  }

  private void register() {
    lastIncarnation++;
    owners.put(
        lastIncarnation, new OwnerInfo(lastIncarnation, "a" + lastIncarnation, "z", "host", 7_000));
  }

  private void expire(List<SectionRun> runs) {
    int gone = new ArrayList<>(owners.keySet()).get(random.nextInt(owners.size()));
    owners.remove(gone);
    sections.forEach(
        (id, all) -> {
          for (int i = 0; i < all.length; i++) {
            if (all[i].owner == gone) {
              set(id, i, new Section(0, all[i].epoch), runs);
            }
          }
        });
  }

  private void grant(List<SectionRun> runs) {
    int id = 1 + random.nextInt(namespaces.size());
    Section[] all = sections.getOrDefault(id, new Section[0]);
    int first = random.nextInt(all.length);
    int count = 1 + random.nextInt(all.length - first);
    int owner = new ArrayList<>(owners.keySet()).get(random.nextInt(owners.size()));
    for (int i = first; i < first + count; i++) {
      set(id, i, new Section(owner, all[i].epoch + 1), runs);
    }
  }

  private void set(int id, int index, Section section, List<SectionRun> runs) {
    Section[] all = sections.getOrDefault(id, new Section[0]);
    all[index] = section;
    runs.add(new SectionRun(id, index, 1, section.owner, section.epoch));
  }

  /** The whole table as text, for comparison. */
  String describe() {
    StringBuilder text = new StringBuilder("version " + version + "\n");
    namespaces.forEach(
        (id, namespace) -> {
          text.append(namespace.name());
          for (Section section : sections.getOrDefault(id, new Section[0])) {
            text.append(" ").append(section.owner).append("@").append(section.epoch);
          }
          text.append("\n");
        });
    return text.append("owners ").append(owners.keySet().stream().sorted().toList()).toString();
  }

  /** The same text of a table. */
  static String describe(RouteTable table) {
    StringBuilder text = new StringBuilder("version " + table.version() + "\n");
    for (int id = 1; id <= table.namespaces().size(); id++) {
      Namespace namespace = table.namespace(id);
      if (namespace == null) {
        return text.append("namespace ").append(id).append(" is missing").toString();
      }
      text.append(namespace.name());
      for (int i = 0; i < namespace.sectionCount(); i++) {
        Route route = table.route(id, i);
        OwnerInfo owner = route == null ? null : route.owner();
        text.append(" ").append(owner == null ? 0 : owner.incarnation());
        text.append("@").append(route == null ? -1 : route.epoch());
      }
      text.append("\n");
    }
    List<Integer> living = table.owners().stream().map(OwnerInfo::incarnation).sorted().toList();
    return text.append("owners ").append(living).toString();
  }
}
