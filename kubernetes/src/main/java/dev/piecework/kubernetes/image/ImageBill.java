package dev.piecework.kubernetes.image;

import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FileEntry;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an image is made of, in CycloneDX's JSON: each jar with its package URL, licences and place,
 * the Java that was added, the user's files, and the name of the base, whose own packages a scanner
 * of images knows better. The jars are looked up in the bill of materials that the build of this
 * distribution wrote. There is no time and no random number in it: the same image has the same
 * bill.
 */
final class ImageBill {

  private static final JsonMapper JSON = new JsonMapper();

  /** Of a jar, what is passed on as the build's bill has it. */
  private static final List<String> OF_A_JAR =
      List.of("type", "bom-ref", "group", "name", "version", "licenses", "purl");

  private final ImageRequest request;
  private final Map<String, JsonNode> jars = new HashMap<>();
  private final JsonNode dependencies;

  /**
   * @param distribution the folder of this distribution
   * @throws ImageRefusedException when its bill of materials is not there
   */
  ImageBill(ImageRequest request, Path distribution) throws IOException {
    this.request = request;
    Path file = distribution.resolve("bom.json");
    if (!Files.isReadable(file)) {
      throw ImageRefusedException.surroundings(
          "--sbom: the bill of materials of this distribution is missing: " + file);
    }
    JsonNode bill = JSON.readTree(Files.readAllBytes(file));
    dependencies = bill.path("dependencies");
    JsonNode cli = bill.at("/metadata/component");
    jars.put(cli.path("name").asString() + ".jar", cli);
    for (JsonNode one : bill.path("components")) {
      String jar = one.path("name").asString() + "-" + one.path("version").asString() + ".jar";
      jars.put(jar, one);
    }
  }

  /**
   * @param name of the image
   * @param digest of it, with {@code sha256:} in front
   * @param javaAdded whether a Java was put beside the base: linked of the one that runs here
   */
  String text(String name, String digest, boolean javaAdded, List<FileEntriesLayer> layers)
      throws IOException {
    ObjectNode bill = JSON.createObjectNode();
    bill.put("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
    bill.put("bomFormat", "CycloneDX").put("specVersion", "1.6").put("version", 1);
    String root = imageUrl(name, digest);
    ObjectNode image = bill.putObject("metadata").putObject("component");
    image.put("type", "container").put("bom-ref", root).put("name", name).put("version", digest);
    image.put("purl", root);
    ArrayNode components = bill.putArray("components");
    component(components, "container", request.base().toString());
    if (javaAdded) {
      ObjectNode java = component(components, "platform", "OpenJDK");
      java.put("publisher", System.getProperty("java.vendor"));
      java.put("version", Runtime.version().toString());
      occurs(java, Layout.JRE);
    }
    for (FileEntriesLayer layer : layers) {
      for (FileEntry entry : layer.getEntries()) {
        add(components, entry);
      }
    }
    ArrayNode graph = bill.putArray("dependencies");
    Set<String> known =
        components
            .valueStream()
            .map(one -> one.path("bom-ref").asString())
            .collect(Collectors.toCollection(TreeSet::new));
    needs(graph, root, known);
    dependencies
        .valueStream()
        .filter(one -> known.contains(one.path("ref").asString()))
        .sorted(Comparator.comparing(one -> one.path("ref").asString()))
        .forEach(one ->
            needs(
                graph,
                one.path("ref").asString(),
                one.path("dependsOn")
                    .valueStream()
                    .map(JsonNode::asString)
                    .filter(known::contains)
                    .collect(Collectors.toCollection(TreeSet::new))));
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(bill) + "\n";
  }

  private static void needs(ArrayNode graph, String ref, Set<String> needed) {
    ArrayNode names = graph.addObject().put("ref", ref).putArray("dependsOn");
    needed.forEach(names::add);
  }

  private void add(ArrayNode components, FileEntry entry) throws IOException {
    String path = entry.getExtractionPath().toString();
    Path file = entry.getSourceFile();
    // Of Piecework's own folder the jars are what others need to know: the rest is made of them.
    boolean ours = Path.of(path).startsWith(Layout.HOME);
    boolean jar = Path.of(path).startsWith(Layout.LIB);
    if (Files.isDirectory(file) || (ours && !jar)) {
      return;
    }
    ObjectNode component;
    if (jar) {
      JsonNode known = jars.get(String.valueOf(file.getFileName()));
      if (known == null) {
        throw ImageRefusedException.surroundings(
            "--sbom: the bill of materials of this distribution has no " + file.getFileName());
      }
      component = components.addObject();
      for (String property : OF_A_JAR) {
        if (known.has(property)) {
          component.set(property, known.get(property));
        }
      }
      component.put("type", "library");
    } else {
      component = component(components, "file", path);
    }
    // Of what is packed: a few jars are changed when the distribution is built.
    ObjectNode hash = component.putArray("hashes").addObject();
    hash.put("alg", "SHA-256").put("content", FileTree.sha256(file));
    occurs(component, path);
  }

  private static ObjectNode component(ArrayNode components, String type, String name) {
    ObjectNode component = components.addObject();
    return component.put("type", type).put("bom-ref", type + ":" + name).put("name", name);
  }

  private static void occurs(ObjectNode component, String path) {
    component.putObject("evidence").putArray("occurrences").addObject().put("location", path);
  }

  /** As the specification of package URLs has it for type {@code oci}. */
  private static String imageUrl(String name, String digest) {
    String repository = repository(name);
    String last = repository.substring(repository.lastIndexOf('/') + 1);
    String url = "pkg:oci/" + last + "@" + escaped(digest);
    return repository.equals(last) ? url : url + "?repository_url=" + escaped(repository);
  }

  /** An image's name without its tag. */
  static String repository(String name) {
    int colon = name.indexOf(':', name.lastIndexOf('/') + 1);
    return colon < 0 ? name : name.substring(0, colon);
  }

  private static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
