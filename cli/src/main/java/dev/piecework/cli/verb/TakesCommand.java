package dev.piecework.cli.verb;

import java.util.List;

/** A verb with a command after {@code --}: nothing there is an option of ours. */
public interface TakesCommand {
  void command(List<String> words);
}
