package dev.piecework.cli.kept;

import dev.piecework.cli.verb.OptionWords;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where commands run, and where they put what is temporary. */
public final class PlaceOptions {

  private static final Pattern PLACE = Pattern.compile("\\{[^{}]*}");
  private static final Set<String> OWN = Set.of("{}", "{id}", "{attempt}", "{slot}");

  @Option(
      names = "--work-dir",
      paramLabel = "DIR/{id}",
      description =
          "Make this folder for each item, with {id}, {}, {attempt} or {slot} in its name, and run the"
              + " command there; it is kept. Default: commands run where we do.")
  @Nullable String workDir;

  @Option(
      names = "--clean-work-dir",
      description = "Remove the folder of --work-dir when its command has exited 0.")
  boolean clean;

  @Option(
      names = "--chdir",
      paramLabel = "DIR",
      description = "Run all commands in this folder. Default: where we run.")
  @Nullable Path chdir;

  @Option(
      names = "--tmp-dir",
      paramLabel = "DIR",
      description =
          "Make a folder in DIR for each command, as its TMPDIR, and remove it at its end. Default: the"
              + " TMPDIR that we have.")
  @Nullable Path temporary;

  /** The options again, as words for another {@code piecework}. */
  public void addTo(OptionWords words) {
    words.add("--work-dir", workDir);
    words.flag("--clean-work-dir", clean);
    words.add("--chdir", chdir);
    words.add("--tmp-dir", temporary);
  }

  /** Which of these was given, if any. */
  public @Nullable String firstGiven() {
    return workDir != null
        ? "--work-dir"
        : chdir != null
            ? "--chdir"
            : temporary != null ? "--tmp-dir" : clean ? "--clean-work-dir" : null;
  }

  /** Says what does not go together. */
  public void check(boolean batch, boolean child) {
    String given = firstGiven();
    if (child && given != null) {
      throw Refusal.usage(given + " is for a command of one item: a --child lives longer");
    }
    if (clean && workDir == null) {
      throw Refusal.usage("--clean-work-dir goes with --work-dir");
    }
    if (chdir != null && workDir != null) {
      throw Refusal.usage("--chdir and --work-dir exclude each other");
    }
    if (chdir != null && !Files.isDirectory(chdir)) {
      throw Refusal.usage("--chdir " + chdir + ": there is no such folder");
    }
    if (temporary != null && Files.exists(temporary) && !Files.isDirectory(temporary)) {
      throw Refusal.usage("--tmp-dir " + temporary + " is no folder");
    }
    if (workDir != null) {
      checkWorkDir(workDir, batch);
    }
  }

  private static void checkWorkDir(String folder, boolean batch) {
    Set<String> places =
        PLACE.matcher(folder).results().map(MatchResult::group).collect(Collectors.toSet());
    String shown = Printable.typed(folder, 60);
    if (!OWN.containsAll(places)) {
      throw Refusal.usage(
          "--work-dir " + shown + ": a folder's name may have {id}, {}, {attempt} and {slot}");
    }
    if (places.isEmpty() || places.equals(Set.of("{attempt}"))) {
      throw Refusal.usage(
          "--work-dir " + shown + " is one folder for all: add {id}, or use --chdir");
    }
    if (batch && !places.equals(Set.of("{slot}"))) {
      throw Refusal.usage(
          "--work-dir " + shown + ": a --batch has several items; {slot} is there for it");
    }
  }
}
