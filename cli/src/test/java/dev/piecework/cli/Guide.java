package dev.piecework.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of the documentation, as far as somebody types it into a shell. */
final class Guide {

  private static final Pattern BLOCK =
      Pattern.compile("(?:<!-- not run: ([^\\n]*?) -->\\n)?```sh\\n(.*?)```", Pattern.DOTALL);

  /**
   * One fenced block.
   *
   * @param notRun why the cluster suite cannot run it, when the page says so in a comment above it
   */
  record Block(String text, Optional<String> notRun) {}

  private final String text;

  private Guide(String text) {
    this.text = text;
  }

  /** The page of this name in docs. */
  static Guide of(String name) throws IOException {
    return new Guide(Files.readString(Path.of("../docs").resolve(name)));
  }

  List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      blocks.add(new Block(matcher.group(2), Optional.ofNullable(matcher.group(1))));
    }
    return blocks;
  }

  /**
   * Every command line of ours, as a shell would pass it: in the blocks, and as code within a line,
   * where square brackets mean what may be left out.
   */
  List<List<String>> commands(Path scratch) throws Exception {
    List<String> lines = new ArrayList<>();
    for (Block block : blocks()) {
      block.text().lines().filter(line -> line.startsWith("piecework ")).forEach(lines::add);
    }
    Matcher code = Pattern.compile("`(?:piecework )?(kube [a-z]+ [^`]+)`").matcher(text);
    while (code.find()) {
      lines.add("piecework " + code.group(1).replaceAll("[\\[\\]]", ""));
    }
    List<List<String>> commands = new ArrayList<>();
    for (String line : lines) {
      commands.add(words(line, scratch));
    }
    return commands;
  }

  /** A real shell takes it apart: quotes, redirections, variables, what comes behind a pipe. */
  private static List<String> words(String line, Path scratch) throws Exception {
    Path words = scratch.resolve("words");
    Files.writeString(scratch.resolve("password"), "pw\n");
    Process shell =
        new ProcessBuilder(
                "sh",
                "-c",
                "exec 3>words; piecework() { printf '%s\\0' \"$@\" >&3; }; kubectl() { cat; }; "
                    + line)
            .directory(scratch.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (shell.waitFor() != 0) {
      throw new AssertionError(line + ": " + said);
    }
    return Arrays.asList(Files.readString(words).split("\0"));
  }
}
