package dev.ratchet.proto.key;

import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.Collection;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One thing a namespace, by its id. Looked up with every call and changed when a namespace is new:
 * so a look-up takes no lock and makes no object, and a change copies all. Thread-safe.
 */
public final class ByNamespace<V> {
  /** Never changed once it is here. */
  private volatile IntObjectMap<V> map = new IntObjectHashMap<>();

  /** That of a namespace, or null. */
  public @Nullable V get(int namespaceId) {
    return map.get(namespaceId);
  }

  /** That of a namespace, made now if there is none. */
  public V getOrMake(int namespaceId, Supplier<V> make) {
    V known = map.get(namespaceId);
    return known != null ? known : add(namespaceId, make);
  }

  private synchronized V add(int namespaceId, Supplier<V> make) {
    V known = map.get(namespaceId);
    if (known == null) {
      known = make.get();
      IntObjectMap<V> more = new IntObjectHashMap<>(2 * map.size() + 1);
      more.putAll(map);
      more.put(namespaceId, known);
      map = more;
    }
    return known;
  }

  /** All there are at this moment. */
  public Collection<V> values() {
    return map.values();
  }
}
