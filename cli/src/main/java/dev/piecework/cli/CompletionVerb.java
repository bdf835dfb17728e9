package dev.piecework.cli;

import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.cli.verb.Verb;
import picocli.AutoComplete;
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

  @Override
  public ExitCode run(Terminal terminal) {
    // picocli's script asks zsh for its bash compatibility by itself.
    terminal.print(AutoComplete.bash("piecework", CommandTree.root()));
    return ExitCode.DONE;
  }
}
