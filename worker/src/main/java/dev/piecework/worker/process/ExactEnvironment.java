package dev.piecework.worker.process;

import dev.piecework.worker.internal.call.CallerEnvironment;
import dev.piecework.worker.internal.call.ShellText;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Gives a command its environment byte by byte, whatever shells come before it.
 *
 * <p>A shell takes all variables for its own. It sets some (IFS, PWD), hands on what its script
 * assigns to others, drops names like {@code my.name}, and with {@code OPTIND=x} does not even
 * begin. The tools that it calls read variables as well. So shells begin with a PATH, get each
 * variable as the value of one with a name of ours, and end in {@code env}, which makes the
 * environment of the command out of those values.
 */
public final class ExactEnvironment {
  private static final String SLOT = "PIECEWORK_VARIABLE_";

  /** Its value is {@code PWD=...}; a script that changes the folder may set it. */
  private static final String WORKING_FOLDER = SLOT + "PWD";

  /** By name; names and values as ISO 8859-1, in which each byte is a character. */
  private final Map<String, String> variables = new LinkedHashMap<>();

  private ExactEnvironment() {}

  /** That of whoever called us. */
  public static ExactEnvironment ofCaller() {
    ExactEnvironment all = new ExactEnvironment();
    for (byte[] one : CallerEnvironment.from(CallerEnvironment.ours(), List.of())) {
      String text = new String(one, StandardCharsets.ISO_8859_1);
      int equals = text.indexOf('=', 1);
      if (equals > 0) {
        all.variables.putIfAbsent(text.substring(0, equals), text.substring(equals + 1));
      }
    }
    return all;
  }

  /** Without those of these names. */
  public ExactEnvironment without(Predicate<String> names) {
    variables.keySet().removeIf(names);
    return this;
  }

  public ExactEnvironment with(Map<String, String> more) {
    more.forEach((name, value) -> variables.put(encoded(name), encoded(value)));
    return this;
  }

  /** A caller that was told its working folder by PWD: so is a command that begins in another. */
  public ExactEnvironment in(Path folder) {
    variables.computeIfPresent("PWD", (name, ours) -> encoded(folder.toString()));
    return this;
  }

  private static String encoded(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** The words by which a shell that has read {@link #writeStart} runs a command at last. */
  public List<String> restored(List<String> command) {
    return restored(command, Env.EXPANDS);
  }

  List<String> restored(List<String> command, boolean expands) {
    List<String> all = new ArrayList<>();
    List<String> slots = slots();
    if (expands) {
      StringBuilder operands = new StringBuilder("--");
      slots.forEach(slot -> operands.append(" \"${").append(slot).append("}\""));
      all.addAll(List.of(Env.PATH, "-i", "-S", operands.toString()));
    } else {
      StringBuilder script = new StringBuilder("exec \"$0\" -i --");
      slots.forEach(slot -> script.append(" \"$").append(slot).append('"'));
      all.addAll(List.of(Shell.path(), "-c", script.append(" \"$@\"").toString(), Env.PATH));
    }
    if (command.getFirst().indexOf('=') >= 0) {
      // Of env's operands, those are variables.
      all.addAll(List.of(Shell.find("nice").orElse("/usr/bin/nice"), "-n", "0"));
    }
    all.addAll(command);
    return all;
  }

  private List<String> slots() {
    List<String> all = new ArrayList<>();
    for (String name : variables.keySet()) {
      all.add(name.equals("PWD") ? WORKING_FOLDER : SLOT + all.size());
    }
    return all;
  }

  /** No variables for a process that is to be a shell, but a PATH and those of these names. */
  public void hideFrom(ProcessBuilder shell, Predicate<String> shown) {
    clear(shell);
    variables.forEach((name, value) -> {
      if (shown.test(name)) {
        shell.environment().put(name, value);
      }
    });
  }

  /**
   * For a process that begins with the words of {@link #restored}, where nothing is read before.
   * Java passes on what is UTF-8 as it is.
   */
  public void giveTo(ProcessBuilder process) {
    clear(process);
    List<String> slots = slots();
    int next = 0;
    for (var variable : variables.entrySet()) {
      process
          .environment()
          .put(slots.get(next++), decoded(variable.getKey() + "=" + variable.getValue()));
    }
  }

  private static String decoded(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /** No variables but a PATH. */
  public static void clear(ProcessBuilder process) {
    process.environment().clear();
    process.environment().put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
  }

  /**
   * What a shell is to read that becomes the process of these words, one of which may be the first
   * of {@link #restored}. It does nothing before it has read all, however we may end.
   */
  public void writeStart(OutputStream shell, List<String> words) throws IOException {
    ShellText text = new ShellText().add("{\n");
    List<String> slots = slots();
    int next = 0;
    for (var variable : variables.entrySet()) {
      text.add("export ").add(slots.get(next++)).add("=");
      text.quoted(
              (variable.getKey() + "=" + variable.getValue()).getBytes(StandardCharsets.ISO_8859_1))
          .add("\n");
    }
    text.add("exec");
    for (String word : words) {
      text.add(" ").quoted(word);
    }
    text.add(" </dev/null\n}\n").writeTo(shell);
  }

  /** The program {@code env} of this system. */
  private static final class Env {
    static final String PATH = Shell.find("env").orElse("/usr/bin/env");

    /**
     * Whether it looks values up itself. Where it does not, they are on its command line, for the
     * moment until it has become the command.
     */
    static final boolean EXPANDS = expands();

    private static boolean expands() {
      ProcessBuilder probe =
          new ProcessBuilder(PATH, "-i", "-S", "-- \"${" + SLOT + "}\"", PATH)
              .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
              .redirectError(Redirect.DISCARD);
      clear(probe);
      probe.environment().put(SLOT, "my.name=\\t $X");
      try {
        Process process = probe.start();
        byte[] out = process.getInputStream().readAllBytes();
        return new String(out, StandardCharsets.ISO_8859_1).equals("my.name=\\t $X\n");
      } catch (IOException noEnv) {
        return false;
      }
    }
  }
}
