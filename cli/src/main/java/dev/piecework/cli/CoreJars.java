package dev.piecework.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The jars that the short verbs get, for the build: all that the distribution is made of, but for
 * what only Jobs, Kubernetes and the page bring. It goes by the graph of dependencies in the bill
 * of materials, so that a jar which a module comes to need is there without being named anywhere.
 *
 * <p>Run by assemble.sh with the path of the bill; prints a name per line, in the order of the
 * class path.
 */
final class CoreJars {

  private static final String OURS = "pkg:maven/dev.piecework/";

  /**
   * What these need beyond our own modules is for {@code run -f}, {@code kube}, {@code ui} and
   * {@code report}.
   */
  private static final List<String> MODULES_OF_LONG_VERBS =
      List.of("piecework-job", "piecework-kubernetes", "piecework-dashboard");

  private CoreJars() {}

  public static void main(String[] args) throws IOException {
    String bill = Files.readString(Path.of(args[0]));
    System.out.println(String.join("\n", named(bill)));
  }

  /** Their file names, from the text of a bill of materials in CycloneDX's JSON. */
  static List<String> named(String bill) {
    Graph graph = Graph.read(bill);
    Set<String> core = new LinkedHashSet<>();
    Deque<String> reached = new ArrayDeque<>(List.of(graph.root));
    while (!reached.isEmpty()) {
      String ref = reached.removeFirst();
      if (!core.add(ref)) {
        continue;
      }
      boolean forLongVerbs = MODULES_OF_LONG_VERBS.contains(Artifact.of(ref).name);
      List<String> needs = graph.needs.get(ref);
      if (needs == null) {
        throw new IllegalArgumentException(
            "the bill of materials does not say what this needs: " + ref);
      }
      for (String needed : needs) {
        if (!forLongVerbs || needed.startsWith(OURS)) {
          reached.addLast(needed);
        }
      }
    }
    return core.stream()
        .map(ref -> ref.equals(graph.root) ? "piecework-cli.jar" : Artifact.of(ref).file())
        .toList();
  }

  /** What a package URL says: {@code pkg:maven/group/name@version?type=jar}. */
  private record Artifact(String name, String version, String classifier) {

    static Artifact of(String ref) {
      // The URI decodes what is escaped.
      String text = URI.create(ref).getSchemeSpecificPart();
      int at = text.lastIndexOf('@');
      int question = text.indexOf('?', at);
      if (at < 0 || question < 0) {
        throw new IllegalArgumentException("not the package URL of a jar: " + ref);
      }
      String classifier = "";
      for (String qualifier : text.substring(question + 1).split("&", -1)) {
        if (qualifier.startsWith("classifier=")) {
          classifier = "-" + qualifier.substring("classifier=".length());
        }
      }
      return new Artifact(
          text.substring(text.lastIndexOf('/', at) + 1, at),
          text.substring(at + 1, question),
          classifier);
    }

    String file() {
      return name + "-" + version + classifier + ".jar";
    }
  }

  /** Which artifact needs which. */
  private record Graph(String root, Map<String, List<String>> needs) {

    static Graph read(String bill) {
      JsonNode all = new JsonMapper().readTree(bill);
      Map<String, List<String>> needs = new HashMap<>();
      for (JsonNode one : all.path("dependencies")) {
        needs.put(
            one.path("ref").asString(),
            one.path("dependsOn").valueStream().map(JsonNode::asString).toList());
      }
      return new Graph(all.at("/metadata/component/bom-ref").asString(), needs);
    }
  }
}
