package dev.piecework.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** All verbs with all options, for completion scripts and man pages. */
public final class CommandTree {

  @Command(
      name = "piecework",
      description = "A durable work queue on Redis: each item done once, by any number of workers.")
  private static final class Root {}

  @Command
  private static final class Group {}

  private CommandTree() {}

  public static CommandLine root() {
    CommandLine root = new CommandLine(new Root());
    for (Verbs verb : Verbs.values()) {
      String word = verb.word();
      int space = word.indexOf(' ');
      String last = word.substring(space + 1);
      CommandLine parent = space < 0 ? root : group(root, word.substring(0, space));
      parent.addSubcommand(last, verb.parser(verb.make(), last));
    }
    return root;
  }

  private static CommandLine group(CommandLine root, String word) {
    CommandLine known = root.getSubcommands().get(word);
    if (known != null) {
      return known;
    }
    CommandLine made = new CommandLine(new Group());
    made.getCommandSpec().usageMessage().description(VerbGroup.summary(word));
    root.addSubcommand(word, made);
    return made;
  }
}
