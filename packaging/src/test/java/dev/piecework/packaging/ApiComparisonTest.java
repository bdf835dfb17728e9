package dev.piecework.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Breaks that are planted, between two jars that are built here, are found. */
class ApiComparisonTest {

  private static final String EXPORTED = "package api; public class Queue { %s }";
  private static final String INTERNAL = "package inner; public class Part { %s }";

  @TempDir private Path folder;

  @Test
  void aMethodThatIsGoneIsABreakAndANewOneIsNone() throws Exception {
    Path before = jar("before", EXPORTED.formatted("public void fill() {}"), "package inner;");
    Path less = jar("less", EXPORTED.formatted("void fill() {}"), "package inner;");
    Path more = jar("more", EXPORTED.formatted("public void fill() {} public void drain() {}"), "");

    assertThat(ApiComparison.breaks(before, less))
        .containsOnlyKeys("api.Queue")
        .hasEntrySatisfying("api.Queue", how -> assertThat(how).contains("fill"));
    assertThat(ApiComparison.breaks(before, more)).isEmpty();
    assertThat(ApiComparison.breaks(more, before)).containsOnlyKeys("api.Queue");
  }

  @Test
  void anotherTypeOfAResultIsABreak() throws Exception {
    Path before = jar("before", EXPORTED.formatted("public int size() { return 1; }"), "");
    Path after = jar("after", EXPORTED.formatted("public long size() { return 1; }"), "");

    assertThat(ApiComparison.breaks(before, after)).containsOnlyKeys("api.Queue");
  }

  @Test
  void whatIsNotExportedMayChange() throws Exception {
    String api = EXPORTED.formatted("");
    Path before = jar("before", api, INTERNAL.formatted("public void run() {}"));
    Path after = jar("after", api, INTERNAL.formatted(""));

    assertThat(ApiComparison.breaks(before, after)).isEmpty();
  }

  private Path jar(String name, String exported, String internal) throws IOException {
    Path sources = Files.createDirectory(folder.resolve(name + "-sources"));
    Path classes = folder.resolve(name);
    Files.writeString(sources.resolve("module-info.java"), "module m { exports api; }");
    Files.writeString(sources.resolve("Queue.java"), exported);
    Files.writeString(sources.resolve("Part.java"), internal);
    Path jar = folder.resolve(name + ".jar");
    run(
        "javac",
        List.of(
            "-d",
            classes.toString(),
            sources.resolve("module-info.java").toString(),
            sources.resolve("Queue.java").toString(),
            sources.resolve("Part.java").toString()));
    run("jar", List.of("--create", "--file", jar.toString(), "-C", classes.toString(), "."));
    return jar;
  }

  private static void run(String tool, List<String> arguments) {
    ToolProvider found = ToolProvider.findFirst(tool).orElseThrow();
    assertThat(found.run(System.out, System.err, arguments.toArray(String[]::new))).isZero();
  }
}
