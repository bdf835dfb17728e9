package dev.piecework.cli.verb;

/** A verb cannot go on, and says why in one line for people. */
public final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final ExitCode code;

  public Refusal(ExitCode code, String message) {
    super(message);
    this.code = code;
  }

  public Refusal(ExitCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** What was typed is wrong. */
  public static Refusal usage(String message) {
    return new Refusal(ExitCode.USAGE, message);
  }

  /** What was typed is wrong. */
  public static Refusal usage(String message, Throwable cause) {
    return new Refusal(ExitCode.USAGE, message, cause);
  }

  public ExitCode code() {
    return code;
  }
}
