package dev.piecework.cli;

import static java.util.Comparator.comparingInt;

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
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The jars that the short verbs get, for the build: all that the distribution is made of, but for
 * what only Jobs, Kubernetes and the page bring. It goes by the graph of dependencies in the bill
 * of materials, so that a jar which a module comes to need is there without being named anywhere.
 *
 * <p>Run by assemble.sh with the path of the bill; prints a name per line, in the order of the
 * class path. With {@code metrics}, {@code amqp} or {@code traces} behind it, what {@code
 * --metrics-port}, {@code --from amqp://} or the variables that ask for traces need beyond these.
 */
final class CoreJars {

  private static final String OURS = "pkg:maven/dev.piecework/";

  /**
   * What these need beyond our own modules is for {@code run -f}, {@code kube}, {@code ui} and
   * {@code report}, for {@code --metrics-port}, and for traces.
   */
  private static final List<String> WITH_JARS_OF_THEIR_OWN =
      List.of(
          "piecework-job",
          "piecework-kubernetes",
          "piecework-dashboard",
          "piecework-amqp",
          "piecework-metrics",
          "piecework-traces");

  /**
   * Each start reads resources of these: the scripts, and what Jedis says of itself. A jar that
   * stands before them would be opened to see that it has them not.
   */
  private static final List<String> WITH_RESOURCES = List.of("jedis", "piecework");

  private CoreJars() {}

  public static void main(String[] args) throws IOException {
    String bill = Files.readString(Path.of(args[0]));
    List<String> names = args.length > 1 ? forModule(bill, args[1]) : named(bill);
    System.out.println(String.join("\n", names));
  }

  /** Their file names, from the text of a bill of materials in CycloneDX's JSON. */
  static List<String> named(String bill) {
    Graph graph = Graph.read(bill);
    return files(graph, core(graph));
  }

  /** What the module of this name, such as metrics, needs and the core has not. */
  static List<String> forModule(String bill, String name) {
    Graph graph = Graph.read(bill);
    Set<String> core = core(graph);
    List<String> module =
        core.stream().filter(ref -> Artifact.of(ref).name.equals("piecework-" + name)).toList();
    Set<String> reached = new LinkedHashSet<>(graph.from(module, ref -> false));
    reached.removeAll(core);
    return files(graph, reached);
  }

  private static Set<String> core(Graph graph) {
    return graph.from(
        List.of(graph.root), ref -> WITH_JARS_OF_THEIR_OWN.contains(Artifact.of(ref).name));
  }

  private static List<String> files(Graph graph, Set<String> refs) {
    return refs.stream()
        .sorted(comparingInt(ref -> -WITH_RESOURCES.indexOf(Artifact.of(ref).name)))
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

    /**
     * All that these need, themselves included.
     *
     * @param closed of which what is not ours is left out
     */
    Set<String> from(List<String> first, Predicate<String> closed) {
      Set<String> found = new LinkedHashSet<>();
      Deque<String> reached = new ArrayDeque<>(first);
      while (!reached.isEmpty()) {
        String ref = reached.removeFirst();
        if (!found.add(ref)) {
          continue;
        }
        List<String> needed = needs.get(ref);
        if (needed == null) {
          throw new IllegalArgumentException(
              "the bill of materials does not say what this needs: " + ref);
        }
        boolean oursOnly = closed.test(ref);
        needed.stream().filter(one -> !oursOnly || one.startsWith(OURS)).forEach(reached::addLast);
      }
      return found;
    }
  }
}
