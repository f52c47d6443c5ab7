package dev.ratchet.jepsen.broken;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArgument;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import java.util.List;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.pool.TypePool;

/** Makes the broken form of a class of the product out of its class file. */
final class BrokenClass {
  private BrokenClass() {}

  /**
   * The class with these breaks in it, all of that class.
   *
   * @throws IllegalStateException if the class, a method or a field that a break needs is not there
   *     any more: the product has changed, and the break would break nothing
   */
  static byte[] of(List<Break> breaks, ClassFileLocator files) {
    String name = breaks.get(0).type();
    TypePool pool = TypePool.Default.of(files);
    TypePool.Resolution found = pool.describe(name);
    if (!found.isResolved()) {
      throw new IllegalStateException("there is no class " + name + " to break any more");
    }
    TypeDescription type = found.resolve();
    DynamicType.Builder<?> builder = new ByteBuddy().redefine(type, files);
    for (Break one : breaks) {
      requireOne(type, one);
      // Read from its class file: to look at the class itself would load those of the product that
      // it names, and so keep them whole.
      TypeDescription advice = pool.describe(one.advice().getName()).resolve();
      builder = builder.visit(Advice.to(advice, files).on(matcher(one)));
    }
    try {
      return builder.make().getBytes();
    } catch (IllegalStateException | IllegalArgumentException e) {
      throw new IllegalStateException(name + " can't be broken any more: " + e.getMessage(), e);
    }
  }

  private static void requireOne(TypeDescription type, Break one) {
    int found = type.getDeclaredMethods().filter(matcher(one)).size();
    if (found != 1) {
      throw new IllegalStateException(
          "there are " + found + " methods " + one.described() + " to break; there must be one");
    }
  }

  private static ElementMatcher.Junction<MethodDescription> matcher(Break one) {
    ElementMatcher.Junction<MethodDescription> matcher =
        ElementMatcherOf.method(one.method()).and(takesArguments(one.parameters().size()));
    for (int i = 0; i < one.parameters().size(); i++) {
      matcher = matcher.and(takesArgument(i, named(one.parameters().get(i))));
    }
    return matcher;
  }

  /** Methods by name; constructors have the name that class files give them. */
  private static final class ElementMatcherOf {
    static ElementMatcher.Junction<MethodDescription> method(String name) {
      return new ElementMatcher.Junction.AbstractBase<>() {
        @Override
        public boolean matches(MethodDescription method) {
          return method.getInternalName().equals(name);
        }
      };
    }
  }
}
