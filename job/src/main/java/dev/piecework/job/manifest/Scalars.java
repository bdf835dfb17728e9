package dev.piecework.job.manifest;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.Schema;

/**
 * What a scalar means by the words of YAML 1.1, as Kubernetes reads them, so that {@code yes} is
 * true. As a schema it only tells those without a tag and without quotes from the others, which the
 * parser does not.
 */
final class Scalars implements Schema {
  private static final Tag UNTAGGED = new Tag("dev.piecework:untagged");
  private static final Set<String> TRUE = Set.of("true", "yes", "on", "y");
  private static final Set<String> FALSE = Set.of("false", "no", "off", "n");
  private static final Pattern OCTAL = Pattern.compile("[-+]?0o?[0-7]+");
  private static final Pattern DECIMAL = Pattern.compile("[-+]?(0|[1-9][0-9]*)");
  private static final Pattern HEX = Pattern.compile("[-+]?0x[0-9a-fA-F]+");
  private static final Pattern BINARY = Pattern.compile("[-+]?0b[01]+");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final Pattern UNDERSCORED = Pattern.compile("[-+]?\\.?[0-9][0-9a-fA-FxXob._+-]*");

  @Override
  public ScalarResolver getScalarResolver() {
    return (text, untagged) -> untagged ? UNTAGGED : Tag.STR;
  }

  @Override
  public Map<Tag, ConstructNode> getSchemaTagConstructors() {
    return Map.of();
  }

  /** Whether a key is {@code <<}, by which another object is merged into this one. */
  static boolean isMerge(ScalarNode key) {
    return key.getTag().equals(Tag.MERGE)
        || (key.getTag().equals(UNTAGGED) && key.getValue().equals("<<"));
  }

  /** A key as Kubernetes writes it in JSON: {@code yes} is {@code true}, {@code 0x10} is 16. */
  static String key(ScalarNode node) {
    Object value = value(node);
    return value instanceof Boolean || value instanceof Long ? value.toString() : node.getValue();
  }

  /**
   * A string, Long, Double, Boolean or null.
   *
   * @throws IllegalArgumentException when it is not what its tag says
   */
  static @Nullable Object value(ScalarNode node) {
    String text = node.getValue();
    Tag tag = node.getTag();
    if (tag.equals(UNTAGGED)) {
      return resolve(text);
    }
    if (tag.equals(Tag.NULL)) {
      return null;
    }
    if (tag.equals(Tag.BINARY)) {
      return new String(Base64.getMimeDecoder().decode(text), StandardCharsets.UTF_8);
    }
    boolean number = tag.equals(Tag.INT) || tag.equals(Tag.FLOAT);
    if (!number && !tag.equals(Tag.BOOL)) {
      return text;
    }
    Object value = resolve(text);
    boolean fits =
        number
            ? value instanceof Long || (tag.equals(Tag.FLOAT) && value instanceof Double)
            : value instanceof Boolean;
    if (!fits) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no !!" + tag.getValue().replaceFirst(".*:", ""));
    }
    return value;
  }

  private static @Nullable Object resolve(String text) {
    String low = text.toLowerCase(Locale.ROOT);
    if (text.isEmpty() || text.equals("~") || low.equals("null")) {
      return null;
    }
    if (TRUE.contains(low)) {
      return true;
    }
    if (FALSE.contains(low)) {
      return false;
    }
    if (text.indexOf('_') > 0 && UNDERSCORED.matcher(text).matches()) {
      Object without = number(text.replace("_", ""));
      return without instanceof String ? text : without;
    }
    return number(text);
  }

  /** The number, or the text if it is none. */
  private static Object number(String text) {
    try {
      if (DECIMAL.matcher(text).matches()) {
        return Long.valueOf(text);
      }
      if (OCTAL.matcher(text).matches()) {
        return Long.valueOf(text.replace("o", ""), 8);
      }
      if (HEX.matcher(text).matches()) {
        return Long.valueOf(text.replaceFirst("0x", ""), 16);
      }
      if (BINARY.matcher(text).matches()) {
        return Long.valueOf(text.replaceFirst("0b", ""), 2);
      }
    } catch (NumberFormatException tooLarge) {
      return DECIMAL.matcher(text).matches() ? (Object) Double.valueOf(text) : text;
    }
    return FLOAT.matcher(text).matches() ? (Object) Double.valueOf(text) : text;
  }
}
