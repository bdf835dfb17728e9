package dev.piecework.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.WorkQueue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A small change of the real scripts that breaks a promise. Its file says which bug it is, which
 * promise it breaks, and then, for each place, the script, what is there and what is to be there:
 *
 * <pre>
 * # what is wrong
 * breaks: ONE_COMMIT
 * script: step.lua
 * &lt;&lt;&lt;&lt;
 * the text as it is
 * ====
 * the text with the bug
 * &gt;&gt;&gt;&gt;
 * </pre>
 */
record PlantedBug(String name, String breaks, List<Change> changes) {

  record Change(String script, String from, String to) {}

  private static final Pattern CHANGE =
      Pattern.compile("script: (\\S+)\n<<<<\n(.*?)====\n(.*?)>>>>\n", Pattern.DOTALL);

  static PlantedBug read(Path file) {
    try {
      String text = Files.readString(file);
      Matcher breaks = Pattern.compile("(?m)^breaks: (.*)$").matcher(text);
      if (!breaks.find()) {
        throw new IllegalArgumentException(file + " does not say what it breaks");
      }
      List<Change> changes = new ArrayList<>();
      Matcher change = CHANGE.matcher(text);
      while (change.find()) {
        changes.add(new Change(change.group(1), change.group(2), change.group(3)));
      }
      String name = file.getFileName().toString().replace(".txt", "");
      return new PlantedBug(name, breaks.group(1), changes);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Whether it shows only where an item is held by two. */
  boolean isOfCopies() {
    return name.contains("copy");
  }

  /** Writes the changed scripts where a class path that begins there finds them first. */
  void plant(Path root) throws IOException {
    Map<String, String> scripts = new LinkedHashMap<>();
    for (Change change : changes) {
      String text = scripts.getOrDefault(change.script(), original(change.script()));
      int at = text.indexOf(change.from());
      if (at < 0 || text.indexOf(change.from(), at + 1) >= 0) {
        throw new IllegalStateException(
            "the planted bug '"
                + name
                + "' has to be renewed: this is not exactly once in "
                + change.script()
                + ":\n"
                + change.from());
      }
      scripts.put(change.script(), text.replace(change.from(), change.to()));
    }
    for (Map.Entry<String, String> script : scripts.entrySet()) {
      Path file = root.resolve("dev/piecework/internal/redis").resolve(script.getKey());
      Files.createDirectories(file.getParent());
      Files.writeString(file, script.getValue());
    }
  }

  private static String original(String script) throws IOException {
    try (InputStream in =
        WorkQueue.class.getResourceAsStream("/dev/piecework/internal/redis/" + script)) {
      if (in == null) {
        throw new IllegalStateException("there is no script " + script);
      }
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
