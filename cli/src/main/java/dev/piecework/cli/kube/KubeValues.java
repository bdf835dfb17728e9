package dev.piecework.cli.kube;

import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Option values as Kubernetes has them. */
final class KubeValues {

  private KubeValues() {}

  /** What a value gives; what is wrong with it is said with the option's name before it. */
  static <T> T read(String option, Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException wrong) {
      throw Refusal.usage(option + ": " + wrong.getMessage(), wrong);
    }
  }

  /** What a value gives, if there is one; what is wrong with it is said as above. */
  static <T> T read(String option, @Nullable String given, Function<String, T> value, T otherwise) {
    return given == null ? otherwise : read(option, () -> value.apply(given));
  }

  /** NAME=VALUE, each name once. */
  static Map<String, String> pairs(String option, List<String> given, Pattern name) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : given) {
      int equals = pair.indexOf('=');
      String left = equals < 0 ? pair : pair.substring(0, equals);
      if (equals < 1 || !name.matcher(left).matches()) {
        throw Refusal.usage(
            option + " '" + Printable.typed(pair, 60) + "': write it like NAME=VALUE");
      }
      if (pairs.put(left, pair.substring(equals + 1)) != null) {
        throw Refusal.usage(option + " '" + left + "' is there twice");
      }
    }
    return pairs;
  }
}
