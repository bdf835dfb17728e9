package dev.piecework.kubernetes.manifest;

import io.fabric8.kubernetes.api.model.KubernetesListBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Present;
import org.snakeyaml.engine.v2.api.lowlevel.Serialize;
import org.snakeyaml.engine.v2.comments.CommentLine;
import org.snakeyaml.engine.v2.comments.CommentType;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Manifests as text: YAML that says why, or JSON. */
public final class ManifestText {

  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

  /** Wide enough that no scalar is ever folded; comments are wrapped by us. */
  private static final int NEVER_FOLD = 1 << 20;

  private static final int COMMENT_WIDTH = 96;
  private static final int INDENT = 2;

  /** Neither a number nor a boolean in any version of YAML: kubectl reads 1.1, others 1.2. */
  private static final Pattern PLAIN =
      Pattern.compile(
          "(?!(?i)(?:y|n|yes|no|on|off|true|false|null|inf|nan)$)"
              + "(?:(?:\\.{0,2}/)?[A-Za-z_/][-A-Za-z0-9_./@+$()]*(?::[-A-Za-z0-9_./@]+)*"
              + "|--?[A-Za-z][-A-Za-z0-9]*"
              + "|\\d+(?:ms|s|m|h|d|mb|Ki|Mi|Gi|Ti))");

  /** Lines, each with an end, and nothing in them that a reader might change: as they are. */
  private static final Pattern BLOCK =
      Pattern.compile("(?![ \\n])(?:(?:[!-~ ]*[!-~])?\\n)*[!-~ ]*[!-~]\\n");

  /** A comment on an item of a list, which stands behind its dash. */
  private static final Pattern BEHIND_DASH = Pattern.compile("(?m)^( *)- (#.*\\n(?: *#.*\\n)*) *");

  private static final DumpSettings SETTINGS =
      DumpSettings.builder()
          .setDumpComments(true)
          .setWidth(NEVER_FOLD)
          .setIndent(INDENT)
          .setMultiLineFlow(false)
          // Some letters are line breaks to readers of YAML 1.1.
          .setUseUnicodeEncoding(false)
          .build();

  private ManifestText() {}

  /** One document for each object. */
  public static String yaml(List<Manifest> manifests) {
    StringBuilder text = new StringBuilder();
    for (Manifest manifest : manifests) {
      text.append(text.isEmpty() ? "" : "---\n").append(document(manifest));
    }
    return text.toString();
  }

  /** One {@code v1} List. */
  public static String json(List<Manifest> manifests) {
    return SERIALIZATION.asJson(
            new KubernetesListBuilder()
                .withItems(manifests.stream().map(Manifest::object).toList())
                .build())
        + "\n";
  }

  private static String document(Manifest manifest) {
    Map<?, ?> object = SERIALIZATION.convertValue(manifest.object(), LinkedHashMap.class);
    Node root = new Tree(manifest.notes()).node(object, "", 0);
    String body =
        new Present(SETTINGS).emitToString(new Serialize(SETTINGS).serializeOne(root).iterator());
    String about = manifest.notes().getOrDefault("", "");
    StringBuilder text = new StringBuilder();
    wrap(about, COMMENT_WIDTH).forEach(line -> text.append("# ").append(line).append('\n'));
    return text.append(beforeTheirDash(body)).toString();
  }

  /** The comments on items of lists, each on lines of its own before the item. */
  private static String beforeTheirDash(String body) {
    return BEHIND_DASH
        .matcher(body)
        .replaceAll(found -> {
          String comments =
              found
                  .group(2)
                  .lines()
                  .map(line -> found.group(1) + line.strip() + "\n")
                  .collect(Collectors.joining());
          return Matcher.quoteReplacement(comments + found.group(1) + "- ");
        });
  }

  private static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    if (!line.isEmpty()) {
      lines.add(line.toString());
    }
    return lines;
  }

  /** Builds the nodes of a document, with comments where there is a note. */
  private record Tree(Map<String, String> notes) {

    Node node(Object value, String path, int depth) {
      return switch (value) {
        case Map<?, ?> map -> mapping(map, path, depth);
        case List<?> list -> sequence(list, path, depth);
        case String text ->
            new ScalarNode(
                Tag.STR,
                text,
                PLAIN.matcher(text).matches()
                    ? ScalarStyle.PLAIN
                    : BLOCK.matcher(text).matches()
                        ? ScalarStyle.LITERAL
                        : ScalarStyle.DOUBLE_QUOTED);
        case Boolean bool -> new ScalarNode(Tag.BOOL, bool.toString(), ScalarStyle.PLAIN);
        case Number number -> new ScalarNode(Tag.INT, number.toString(), ScalarStyle.PLAIN);
        default -> throw new IllegalArgumentException(path + " is a " + value.getClass());
      };
    }

    private Node mapping(Map<?, ?> map, String path, int depth) {
      Map<Object, Object> ordered = new LinkedHashMap<>();
      if (map.get("name") != null) {
        ordered.put("name", map.get("name")); // what people look for first
      }
      ordered.putAll(map);
      List<NodeTuple> tuples = new ArrayList<>();
      ordered.forEach((key, value) -> {
        String child = path.isEmpty() ? String.valueOf(key) : path + "." + key;
        Node name = new ScalarNode(Tag.STR, String.valueOf(key), ScalarStyle.PLAIN);
        comment(name, child, depth);
        tuples.add(new NodeTuple(name, node(value, child, depth + 1)));
      });
      return new MappingNode(Tag.MAP, tuples, map.isEmpty() ? FlowStyle.FLOW : FlowStyle.BLOCK);
    }

    private Node sequence(List<?> list, String path, int depth) {
      List<Node> nodes = new ArrayList<>();
      for (int i = 0; i < list.size(); i++) {
        String child = path + "[" + i + "]";
        Node node = node(list.get(i), child, depth + 1);
        comment(node, child, depth);
        nodes.add(node);
      }
      return new SequenceNode(Tag.SEQ, nodes, list.isEmpty() ? FlowStyle.FLOW : FlowStyle.BLOCK);
    }

    private void comment(Node node, String path, int depth) {
      String note = notes.get(path);
      if (note != null) {
        node.setBlockComments(
            wrap(note, COMMENT_WIDTH - INDENT * depth).stream()
                .map(line ->
                    new CommentLine(
                        Optional.empty(), Optional.empty(), " " + line, CommentType.BLOCK))
                .toList());
      }
    }
  }
}
