package dev.piecework.bag;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import javax.tools.ToolProvider;
import org.jetbrains.kotlin.cli.common.ExitCode;
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs of others are compiled against the library and run: in Kotlin, and in Java 21. */
@Tag("slow")
class OtherLanguagesTest {

  private static final String LIBRARY = System.getProperty("java.class.path");

  @TempDir Path folder;

  private Path source(String name) throws Exception {
    try (var in = Objects.requireNonNull(getClass().getResourceAsStream(name + ".txt"), name)) {
      return Files.write(folder.resolve(name), in.readAllBytes());
    }
  }

  private Object run(String type) throws Exception {
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
      return loader.loadClass(type).getMethod("total").invoke(null);
    }
  }

  @Test
  void kotlin() throws Exception {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    ExitCode code =
        new K2JVMCompiler()
            .exec(
                new PrintStream(said, true, StandardCharsets.UTF_8),
                source("Lengths.kt").toString(),
                "-d",
                folder.toString(),
                "-classpath",
                LIBRARY,
                "-jvm-target",
                "21",
                "-Werror",
                "-no-reflect",
                "-no-stdlib");
    assertThat(code).as(said.toString(StandardCharsets.UTF_8)).isEqualTo(ExitCode.OK);
    assertThat(run("LengthsKt")).isEqualTo(16);
  }

  @Test
  void java21() throws Exception {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                said,
                said,
                "--release",
                "21",
                "-Xlint:all,-options,-classfile,-processing,-path",
                "-proc:none",
                "-Werror",
                "-d",
                folder.toString(),
                "-classpath",
                LIBRARY,
                source("Lengths21.java").toString());
    assertThat(code).as(said.toString(StandardCharsets.UTF_8)).isZero();
    assertThat(run("Lengths21")).isEqualTo(16);
  }
}
