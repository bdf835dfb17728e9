package dev.piecework.job.manifest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads JSON, which is YAML but for the tabs between its words; one document or several, one after
 * the other.
 */
final class JsonReader {
  private static final int DEEPEST = 100;

  private final List<Problem> problems;
  private int depth;

  private JsonReader(List<Problem> problems) {
    this.problems = problems;
  }

  private static final Pattern BEGINS = Pattern.compile("\\s*\\{\\s*[\"}]");

  /** The documents; null when the text does not begin as JSON does. */
  static @Nullable List<Yaml> read(String text, List<Problem> problems) {
    if (!BEGINS.matcher(text).lookingAt()) {
      return null;
    }
    List<Problem> found = new ArrayList<>();
    List<Yaml> documents = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
      JsonReader reader = new JsonReader(found);
      while (parser.nextToken() != null) {
        documents.add(reader.value(parser, ""));
      }
    } catch (JacksonException e) {
      found.clear();
      List<Yaml> asYaml = new YamlReader(found).read(text);
      if (found.isEmpty()) {
        return asYaml;
      }
      String why = e.getOriginalMessage().replaceAll("\\s+", " ");
      problems.add(new Problem(e.getLocation().getLineNr(), "", "not JSON: " + why));
      return List.of();
    }
    problems.addAll(found);
    return documents;
  }

  private Yaml value(JsonParser parser, String path) {
    int line = parser.currentTokenLocation().getLineNr();
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser, path, line);
      case START_ARRAY -> array(parser, path, line);
      case VALUE_TRUE -> new Yaml.Scalar(line, true);
      case VALUE_FALSE -> new Yaml.Scalar(line, false);
      case VALUE_NULL -> new Yaml.Scalar(line, null);
      case VALUE_NUMBER_INT -> new Yaml.Scalar(line, integer(parser.getString()));
      case VALUE_NUMBER_FLOAT -> new Yaml.Scalar(line, Double.valueOf(parser.getString()));
      default -> new Yaml.Scalar(line, parser.getString());
    };
  }

  private static Object integer(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException tooLarge) {
      return Double.valueOf(text);
    }
  }

  private Yaml object(JsonParser parser, String path, int line) {
    Map<String, Yaml> fields = new LinkedHashMap<>();
    Map<String, Integer> lines = new LinkedHashMap<>();
    boolean tooDeep = isTooDeep(path, line);
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      String child = path.isEmpty() ? name : path + "." + name;
      int keyLine = parser.currentTokenLocation().getLineNr();
      if (lines.put(name, keyLine) != null) {
        problems.add(new Problem(keyLine, child, "the key is there twice"));
      }
      parser.nextToken();
      if (tooDeep) {
        parser.skipChildren();
      } else {
        fields.put(name, value(parser, child));
      }
    }
    depth--;
    return new Yaml.Mapping(line, fields, lines);
  }

  private Yaml array(JsonParser parser, String path, int line) {
    List<Yaml> items = new ArrayList<>();
    boolean tooDeep = isTooDeep(path, line);
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (tooDeep) {
        parser.skipChildren();
      } else {
        items.add(value(parser, path + "[" + items.size() + "]"));
      }
    }
    depth--;
    return new Yaml.Sequence(line, items);
  }

  private boolean isTooDeep(String path, int line) {
    if (++depth == DEEPEST + 1) {
      problems.add(new Problem(line, path, "it is nested more than " + DEEPEST + " deep"));
    }
    return depth > DEEPEST;
  }
}
