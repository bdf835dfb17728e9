package dev.piecework.cli;

import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.cli.verb.Verb;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    footer = {
      "",
      "Example:",
      "  source <(piecework completion bash)",
      "  piecework completion zsh > ~/.piecework.zsh; echo 'source ~/.piecework.zsh' >> ~/.zshrc"
    })
final class CompletionVerb extends Verb {

  enum Shell {
    BASH,
    ZSH
  }

  @Parameters(index = "0", paramLabel = "bash|zsh", description = "For which shell.")
  Shell shell = Shell.BASH;

  @Command
  private static final class Root {}

  @Override
  public ExitCode run(Terminal terminal) {
    CommandLine root = new CommandLine(new Root());
    root.setCommandName("piecework");
    for (Verbs verb : Verbs.values()) {
      String word = verb.word();
      int space = word.indexOf(' ');
      String last = word.substring(space + 1);
      CommandLine parent = space < 0 ? root : group(root, word.substring(0, space));
      parent.addSubcommand(last, verb.parser(verb.make(), last));
    }
    // picocli's script asks zsh for its bash compatibility by itself.
    terminal.print(AutoComplete.bash("piecework", root));
    return ExitCode.DONE;
  }

  private static CommandLine group(CommandLine root, String word) {
    CommandLine known = root.getSubcommands().get(word);
    if (known != null) {
      return known;
    }
    CommandLine made = new CommandLine(new Root());
    root.addSubcommand(word, made);
    return made;
  }
}
