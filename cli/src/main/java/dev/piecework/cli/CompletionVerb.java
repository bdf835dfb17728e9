package dev.piecework.cli;

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
  ExitCode run(Terminal terminal) {
    CommandLine root = new CommandLine(new Root());
    root.setCommandName("piecework");
    for (Verbs verb : Verbs.values()) {
      root.addSubcommand(verb.word(), verb.parser(verb.make(), verb.word()));
    }
    // picocli's script asks zsh for its bash compatibility by itself.
    terminal.print(AutoComplete.bash("piecework", root));
    return ExitCode.DONE;
  }
}
