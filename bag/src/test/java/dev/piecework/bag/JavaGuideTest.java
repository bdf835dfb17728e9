package dev.piecework.bag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every block of docs/java.md is compiled for Java 21 and run, and prints what it should. */
@RedisPerTest
@Tag("slow")
class JavaGuideTest {

  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @SuppressWarnings("InlineFormatString") // a page of its own
  private static final String AROUND =
      """
      import dev.piecework.*;
      import dev.piecework.bag.*;
      import dev.piecework.bag.json.*;
      import dev.piecework.fake.*;
      import dev.piecework.worker.*;
      import java.time.Duration;
      import java.util.concurrent.CompletableFuture;
      import java.util.stream.Stream;

      public class Block%d {
        public static void run(String uri) throws Exception {
      %s
        }
      }
      """;

  @TempDir Path folder;

  @Test
  void everyBlockRuns(TestRedis redis) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--release",
                "21",
                "-proc:none",
                "-d",
                folder.toString(),
                "-classpath",
                System.getProperty("java.class.path")));
    List<String> blocks =
        BLOCK
            .matcher(Files.readString(Path.of("../docs/java.md")))
            .results()
            .map(result -> result.group(1))
            .toList();
    for (int i = 0; i < blocks.size(); i++) {
      Path source = folder.resolve("Block" + i + ".java");
      Files.writeString(source, AROUND.formatted(i, blocks.get(i)));
      arguments.add(source.toString());
    }
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(null, said, said, arguments.toArray(String[]::new));
    assertThat(code).as(said.toString(StandardCharsets.UTF_8)).isZero();
    assertThat(run(blocks.size(), redis.uri()))
        .containsExactlyInAnyOrder("64", "32", "404", "144", "true", "2");
  }

  private List<String> run(int blocks, String uri) throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
      for (int i = 0; i < blocks; i++) {
        loader.loadClass("Block" + i).getMethod("run", String.class).invoke(null, uri);
      }
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
