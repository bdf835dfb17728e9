package dev.piecework.job.manifest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads documents as Kubernetes does: by the words of YAML 1.1, so that {@code yes} is true. */
final class YamlReader {
  /** Far more than a Job has. Aliases make a short text stand for a tree without bound. */
  private static final int MOST_NODES = 100_000;

  private static final int DEEPEST = 100;
  private static final String TOO_DEEP = "it is nested more than " + DEEPEST + " deep";

  private final List<Problem> problems;
  private int nodes;
  private int depth;

  YamlReader(List<Problem> problems) {
    this.problems = problems;
  }

  /** The documents of a text that are not empty. What is not YAML becomes a problem. */
  List<Yaml> read(String text) {
    List<Yaml> documents = new ArrayList<>();
    LoadSettings settings =
        LoadSettings.builder()
            .setUseMarks(true)
            .setAllowDuplicateKeys(true)
            .setSchema(new Scalars())
            .build();
    try {
      for (Node node : new Compose(settings).composeAllFromString(text)) {
        Yaml document = convert(node, "");
        if (!(document instanceof Yaml.Scalar scalar && scalar.value() == null)) {
          documents.add(document);
        }
      }
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark();
      problems.add(Problem.notYaml(line(mark), "", oneLine(e.getProblem())));
    } catch (NumberFormatException e) { // of the parser, at an escape whose digits are cut off
      problems.add(Problem.notYaml(1, "", "a text has an escape without its digits"));
    } catch (YamlEngineException e) {
      problems.add(Problem.notYaml(1, "", oneLine(e.getMessage())));
    } catch (StackOverflowError e) { // of the parser, which nests as the text does
      problems.add(new Problem(1, "", TOO_DEEP));
    }
    return documents;
  }

  private Yaml convert(Node node, String path) {
    int line = line(node.getStartMark());
    if (++nodes > MOST_NODES) {
      throw new YamlEngineException("it has more than " + MOST_NODES + " values, aliases included");
    }
    if (++depth > DEEPEST) {
      throw new YamlEngineException(TOO_DEEP);
    }
    Yaml converted = convert(node, path, line);
    depth--;
    return converted;
  }

  private Yaml convert(Node node, String path, int line) {
    return switch (node) {
      case MappingNode mapping -> mapping(mapping, path, line);
      case SequenceNode sequence -> {
        List<Yaml> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
          items.add(convert(item, path + "[" + items.size() + "]"));
        }
        yield new Yaml.Sequence(line, items);
      }
      case ScalarNode scalar -> new Yaml.Scalar(line, value(scalar, path, line));
      default -> new Yaml.Scalar(line, null);
    };
  }

  private @Nullable String key(ScalarNode scalar, String path, int line) {
    try {
      return Scalars.key(scalar);
    } catch (IllegalArgumentException e) {
      problems.add(Problem.notYaml(line, path, oneLine(e.getMessage())));
      return null;
    }
  }

  private @Nullable Object value(ScalarNode scalar, String path, int line) {
    try {
      return Scalars.value(scalar);
    } catch (IllegalArgumentException e) {
      problems.add(Problem.notYaml(line, path, oneLine(e.getMessage())));
      return null;
    }
  }

  private Yaml.Mapping mapping(MappingNode node, String path, int line) {
    Map<String, Yaml> fields = new LinkedHashMap<>();
    Map<String, Integer> lines = new LinkedHashMap<>();
    List<Node> merged = new ArrayList<>();
    for (NodeTuple tuple : node.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.add(
            new Problem(
                line(tuple.getKeyNode().getStartMark()), path, "a key that is not a string", true));
        continue;
      }
      if (Scalars.isMerge(key)) {
        merged.add(tuple.getValueNode());
        continue;
      }
      int keyLine = line(key.getStartMark());
      String name = key(key, path, keyLine);
      if (name == null) {
        continue;
      }
      String child = path.isEmpty() ? name : path + "." + name;
      if (lines.put(name, keyLine) != null) {
        problems.add(new Problem(keyLine, child, "the key is there twice"));
      }
      Yaml value = convert(tuple.getValueNode(), child);
      // An object without a field that it needs is named by the line of its own key.
      fields.put(
          name,
          value instanceof Yaml.Mapping m
              ? new Yaml.Mapping(keyLine, m.fields(), m.keyLines())
              : value);
    }
    for (Node other : merged) {
      merge(other, path, fields, lines);
    }
    return new Yaml.Mapping(line, fields, lines);
  }

  /** {@code <<}: what is not there yet is taken from another object, or from several in turn. */
  private void merge(
      Node other, String path, Map<String, Yaml> fields, Map<String, Integer> lines) {
    List<Node> all = other instanceof SequenceNode sequence ? sequence.getValue() : List.of(other);
    for (Node one : all) {
      if (convert(one, path) instanceof Yaml.Mapping m && one instanceof MappingNode) {
        m.fields().forEach(fields::putIfAbsent);
        m.keyLines().forEach(lines::putIfAbsent);
      } else {
        problems.add(
            Problem.notYaml(
                line(one.getStartMark()),
                path,
                "map merge requires map or sequence of maps as the value"));
      }
    }
  }

  private static int line(Optional<Mark> mark) {
    return mark.map(m -> m.getLine() + 1).orElse(1);
  }

  private static String oneLine(@Nullable String text) {
    return text == null ? "cannot be read" : text.strip().replaceAll("\\s+", " ");
  }
}
