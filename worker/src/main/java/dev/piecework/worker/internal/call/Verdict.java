package dev.piecework.worker.internal.call;

import dev.piecework.worker.Outcome;
import dev.piecework.worker.process.CommandConfig;
import dev.piecework.worker.process.FileResult;
import dev.piecework.worker.process.ResultLimits;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What the end of a command means for its one item: the exit codes of the command line's contract.
 */
public final class Verdict {
  /** EX_DATAERR of sysexits.h. */
  private static final int DATA_ERROR = 65;

  /** EX_TEMPFAIL of sysexits.h. */
  private static final int NOT_YET = 75;

  private static final String LIKE_A_REFERENCE =
      "the result begins with the bytes by which a result that is a file of its own is named";

  private static final Map<Integer, String> SIGNALS =
      Map.ofEntries(
          Map.entry(1, "SIGHUP"),
          Map.entry(2, "SIGINT"),
          Map.entry(3, "SIGQUIT"),
          Map.entry(4, "SIGILL"),
          Map.entry(5, "SIGTRAP"),
          Map.entry(6, "SIGABRT"),
          Map.entry(7, "SIGBUS"),
          Map.entry(8, "SIGFPE"),
          Map.entry(9, "SIGKILL"),
          Map.entry(10, "SIGUSR1"),
          Map.entry(11, "SIGSEGV"),
          Map.entry(12, "SIGUSR2"),
          Map.entry(13, "SIGPIPE"),
          Map.entry(14, "SIGALRM"),
          Map.entry(15, "SIGTERM"),
          Map.entry(24, "SIGXCPU"),
          Map.entry(25, "SIGXFSZ"),
          Map.entry(31, "SIGSYS"));

  private Verdict() {}

  /** A result that a command has given, and not we for it. */
  public static Outcome done(byte[] result) {
    return FileResult.isReference(result) ? Outcome.bury(LIKE_A_REFERENCE) : Outcome.done(result);
  }

  /** For a call with one item. */
  public static Outcome of(CallEnd ending, CommandConfig config) {
    return switch (ending.cut()) {
      case INTERRUPT, DROPPED -> Outcome.release();
      case TIMEOUT ->
          Outcome.retry(
              withErrors(
                  "timeout: not done within "
                      + seconds(config)
                      + "; its process group was ended with SIGTERM, or SIGKILL after 5 s",
                  ending));
      case OUTPUT ->
          Outcome.bury(withErrors(tooLong("over " + ending.outputBytes(), config), ending));
      case REFERENCE -> Outcome.bury(LIKE_A_REFERENCE);
      case DISK -> Outcome.release();
      case ARGUMENTS ->
          Outcome.bury(
              "the arguments and the environment are longer than the system allows: use --stdin");
      case NONE -> ofStatus(ending, config);
    };
  }

  private static Outcome ofStatus(CallEnd ending, CommandConfig config) {
    if (ending.status() == 0) {
      byte[] output = ending.output();
      if (output == null) {
        return Outcome.bury(withErrors(tooLong(ending.outputBytes(), config), ending));
      }
      return output.length == 0 ? Outcome.done() : Outcome.done(output);
    }
    String reason = withErrors(status(ending.status()), ending);
    return switch (ending.status()) {
      case DATA_ERROR -> Outcome.bury(reason);
      case NOT_YET -> new Outcome.NotYet(reason);
      default -> Outcome.retry(reason);
    };
  }

  /** An exit code as people know it; a shell inside says a signal n as an exit code 128 + n. */
  public static String status(int status) {
    String signal = SIGNALS.get(status - 128);
    return "exit code " + status + (signal == null ? "" : " (" + signal + ")");
  }

  public static String tooLong(long bytes, CommandConfig config) {
    return tooLong(Long.toString(bytes), config);
  }

  private static String tooLong(String bytes, CommandConfig config) {
    return "the result has "
        + bytes
        + " bytes, the limit is "
        + config.results().most()
        + " "
        + ResultLimits.IN_ERRORS
        + ": "
        + (config.results().folder() == null
            ? "raise it by 'piecework set " + config.queue() + " result-max=...' and requeue"
            : "raise it by 'piecework set "
                + config.queue()
                + " result-max=...', or above 512m by the option with --resume, and requeue")
        + ", or write to a file or a store and print where it is";
  }

  private static String seconds(CommandConfig config) {
    return config.timeout().now().map(t -> t.toMillis() / 1000.0 + " s").orElse("its time");
  }

  private static String withErrors(String reason, CallEnd ending) {
    String errors = new String(ending.errors(), StandardCharsets.UTF_8).strip();
    return errors.isEmpty() ? reason : reason + "\n" + errors;
  }
}
