package dev.piecework;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** piecework-bom is the list of what is published: what that needs is in it, and is a module. */
final class PublishedModulesTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @Test
  void publishedModulesNeedPublishedModulesAlone() throws Exception {
    Map<String, Path> folders = new HashMap<>();
    for (Element module : below(child(pom(ROOT), "modules"), "module")) {
      Path folder = ROOT.resolve(module.getTextContent());
      folders.put(text(pom(folder), "artifactId"), folder);
    }
    List<String> published = ours(child(pom(ROOT.resolve("bom")), "dependencyManagement"));

    assertThat(published).contains("piecework", "piecework-worker").doesNotContain("piecework-cli");
    assertThat(folders).containsKeys(published.toArray(String[]::new));
    for (String artifact : published) {
      Path folder = requireNonNull(folders.get(artifact));
      Element pom = pom(folder);
      assertThat(ours(pom)).as(artifact).isSubsetOf(published);
      assertThat(text(child(pom, "properties"), "maven.compiler.release")).isEqualTo("21");
      assertThat(text(pom, "description")).as(artifact).isNotEmpty();
      assertThat(folder.resolve("src/main/java/module-info.java")).exists();
    }
  }

  /** Of its dependencies, but for those of tests, the modules of this build. */
  private static List<String> ours(Element parent) {
    List<String> ours = new ArrayList<>();
    for (Element each : below(child(parent, "dependencies"), "dependency")) {
      boolean forTests = !below(each, "scope").isEmpty() && text(each, "scope").equals("test");
      if (text(each, "groupId").equals("dev.piecework") && !forTests) {
        ours.add(text(each, "artifactId"));
      }
    }
    return ours;
  }

  private static Element pom(Path folder) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(folder.resolve("pom.xml").toFile())
        .getDocumentElement();
  }

  private static String text(Element parent, String name) {
    return child(parent, name).getTextContent();
  }

  private static Element child(Element parent, String name) {
    List<Element> found = below(parent, name);
    assertThat(found).as(name).hasSize(1);
    return found.getFirst();
  }

  /** The elements of this name right below it. */
  private static List<Element> below(Element parent, String name) {
    List<Element> found = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && element.getTagName().equals(name)) {
        found.add(element);
      }
    }
    return found;
  }
}
