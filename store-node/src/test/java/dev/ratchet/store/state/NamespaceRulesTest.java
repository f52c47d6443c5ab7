package dev.ratchet.store.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.ratchet.proto.ErrorCode;
import dev.ratchet.proto.Limits;
import dev.ratchet.proto.key.Namespace;
import java.util.List;
import org.junit.jupiter.api.Test;

class NamespaceRulesTest {
  private final Replica replica = new Replica();

  private Namespace create(Namespace namespace) {
    return replica
        .apply(Result.NamespaceCreated.class, new Command.CreateNamespace(namespace))
        .namespace();
  }

  private ErrorCode refusal(Namespace namespace) {
    return replica.refusal(new Command.CreateNamespace(namespace));
  }

  @Test
  void idsCountUpAndAllIsKept() {
    Namespace users = create(Namespace.uid("users", 999, 100, 50));
    Namespace tags = create(Namespace.string("tags"));
    assertEquals(1, users.id());
    assertEquals(2, tags.id());
    assertEquals(List.of(users, tags), replica.state.reader().namespaces());
    assertEquals(users, replica.state.reader().namespace(1));
    assertNull(replica.state.reader().namespace(3));
  }

  @Test
  void creationRaisesTheRouteVersionByOne() {
    create(Namespace.string("tags"));
    assertEquals(1, replica.version());
    assertEquals(1, replica.routes.version());
    assertEquals("tags", replica.routes.namespaces().iterator().next().name());
  }

  @Test
  void takenNameIsRefused() {
    create(Namespace.string("tags"));
    assertEquals(ErrorCode.NAMESPACE_EXISTS, refusal(Namespace.uid("tags")));
    assertEquals(1, replica.version());
  }

  @Test
  void whatIsNotValidIsRefused() {
    assertEquals(ErrorCode.INVALID_ARGUMENT, refusal(Namespace.string("no spaces", 4, 100)));
    assertEquals(ErrorCode.INVALID_ARGUMENT, refusal(Namespace.string("tags", 4, 0)));
    assertEquals(ErrorCode.INVALID_ARGUMENT, refusal(Namespace.string("tags", 0, 100)));
  }

  @Test
  void sectionsOfAllNamespacesTogetherAreBounded() {
    create(Namespace.string("most", Limits.MAX_SECTIONS - 10, 100));
    assertEquals(ErrorCode.INVALID_ARGUMENT, refusal(Namespace.string("more", 11, 100)));
    create(Namespace.string("rest", 10, 100));
    assertEquals(ErrorCode.INVALID_ARGUMENT, refusal(Namespace.string("one", 1, 100)));
  }

  @Test
  void namespacesAreBounded() {
    StateWriter writer = new StateWriter(replica.table, replica.state.reader());
    for (int id = 1; id <= Limits.MAX_NAMESPACES; id++) {
      writer.put(Namespace.string("n" + id, 1, 1).withId(id));
    }
    assertEquals(ErrorCode.INVALID_ARGUMENT, refusal(Namespace.string("more", 1, 1)));
  }
}
