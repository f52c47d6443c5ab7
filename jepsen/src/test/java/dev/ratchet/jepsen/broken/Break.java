package dev.ratchet.jepsen.broken;

import java.util.List;

/**
 * What is woven into one method of the product.
 *
 * @param type name of its class, which need not be loaded
 * @param method its name; {@code <init>} for a constructor
 * @param parameters names of its parameters' types, to find the very one
 * @param advice the code; it is inlined, so it runs in place of the product's own
 */
record Break(String type, String method, List<String> parameters, Class<?> advice) {
  static final String INT = "int";
  static final String LONG = "long";

  static Break of(String type, String method, Class<?> advice, String... parameters) {
    return new Break("dev.ratchet." + type, method, List.of(parameters), advice);
  }

  /** The method as a reader knows it. */
  String described() {
    return type + "." + method + "(" + String.join(", ", parameters) + ")";
  }
}
