package dev.piecework.cli.verb;

import dev.piecework.PieceworkException;
import dev.piecework.RedisUri;
import dev.piecework.embedded.RedisServerException;
import org.jspecify.annotations.Nullable;

/** The one line that says what went wrong. */
public final class Complaint {

  private static final int MOST = 600;

  private Complaint() {}

  /** What a person typed may be in it, a URL with a password among that. */
  public static String of(Throwable thrown, ExitCode code) {
    return RedisUri.masked(line(thrown, code));
  }

  private static String line(Throwable thrown, ExitCode code) {
    if (thrown instanceof OutOfMemoryError) {
      return "out of memory; give Java more with PIECEWORK_JAVA_OPTS=-Xmx2g";
    }
    if (thrown instanceof Refusal
        || thrown instanceof PieceworkException
        || thrown instanceof RedisServerException
        || thrown instanceof BackendException) {
      return Printable.typed(thrown.getMessage(), MOST);
    }
    if (thrown instanceof NoClassDefFoundError) {
      return "not all of Piecework is here ("
          + Printable.typed(thrown.getMessage(), 100)
          + " is missing): the image of a worker has only what workers need";
    }
    String hint = code == ExitCode.OURS ? " (-v shows where)" : "";
    return Printable.typed(nameAndMessage(thrown), MOST) + hint;
  }

  private static String nameAndMessage(Throwable thrown) {
    @Nullable String message = thrown.getMessage();
    String name = thrown.getClass().getSimpleName();
    return message == null ? name : name + ": " + message;
  }
}
