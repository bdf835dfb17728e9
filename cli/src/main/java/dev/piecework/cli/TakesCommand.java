package dev.piecework.cli;

import java.util.List;

/** A verb with a command after {@code --}: nothing there is an option of ours. */
interface TakesCommand {
  void command(List<String> words);
}
