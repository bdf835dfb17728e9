package dev.piecework.cli.verb;

/** How lines on stderr are written that machines read. */
@FunctionalInterface
public interface LogFormat {

  /**
   * One line, without its newline; the message may have several.
   *
   * @param event what kind of line it is, in a word: {@code started}
   * @param message what a person would have been told
   */
  String line(String event, String message);
}
