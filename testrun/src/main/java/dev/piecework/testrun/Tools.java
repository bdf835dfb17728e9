package dev.piecework.testrun;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Which of the tools that tests need are on this machine. */
final class Tools {
  private static final String LIST = "tools.txt";
  private static final Tools HERE = new Tools(System.getenv().getOrDefault("PATH", ""));

  private final String path;
  private final Map<String, Tool> known = new LinkedHashMap<>();
  private final Map<String, Boolean> looked = new ConcurrentHashMap<>();

  /**
   * @param debianPackage what to install
   * @param probe a command that succeeds where the tool is; empty: a program of its name is enough
   */
  private record Tool(String debianPackage, String probe) {}

  Tools(String path) {
    this.path = path;
    try (InputStream list = Tools.class.getResourceAsStream(LIST)) {
      if (list == null) {
        throw new IllegalStateException(LIST + " is missing from the class path");
      }
      new BufferedReader(new InputStreamReader(list, StandardCharsets.UTF_8))
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.split("\\s+", 3))
          .forEach(
              words -> known.put(words[0], new Tool(words[1], words.length < 3 ? "" : words[2])));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Tools ofThisMachine() {
    return HERE;
  }

  boolean has(String name) {
    Tool tool = tool(name);
    return looked.computeIfAbsent(
        name, n -> tool.probe().isEmpty() ? isProgram(n) : succeeds(tool.probe()));
  }

  String debianPackage(String name) {
    return tool(name).debianPackage();
  }

  private Tool tool(String name) {
    Tool tool = known.get(name);
    if (tool == null) {
      throw new IllegalArgumentException(
          "@Needs(\"" + name + "\") is not in " + LIST + ", which has " + known.keySet());
    }
    return tool;
  }

  private boolean isProgram(String name) {
    return Stream.of(path.split(File.pathSeparator, -1))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .anyMatch(file -> Files.isRegularFile(file) && Files.isExecutable(file));
  }

  private boolean succeeds(String probe) {
    ProcessBuilder builder = new ProcessBuilder(List.of("/bin/sh", "-c", probe));
    builder.environment().put("PATH", path);
    try {
      return builder
              .redirectInput(new File("/dev/null"))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while looking for " + probe, e);
    }
  }
}
