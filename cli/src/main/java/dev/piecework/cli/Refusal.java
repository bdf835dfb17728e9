package dev.piecework.cli;

/** A verb cannot go on, and says why in one line for people. */
final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final ExitCode code;

  Refusal(ExitCode code, String message) {
    super(message);
    this.code = code;
  }

  Refusal(ExitCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** What was typed is wrong. */
  static Refusal usage(String message) {
    return new Refusal(ExitCode.USAGE, message);
  }

  /** What was typed is wrong. */
  static Refusal usage(String message, Throwable cause) {
    return new Refusal(ExitCode.USAGE, message, cause);
  }

  ExitCode code() {
    return code;
  }
}
