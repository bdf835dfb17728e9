package dev.piecework;

import java.util.List;

/**
 * Hears of every script that a client calls, before it is sent and when its answer is there: for
 * histories, traces and metrics. Is called on the thread that calls, so it had better be quick, and
 * it must not throw. What the scripts take and answer is in {@code docs/protocol.md}.
 */
@FunctionalInterface
public interface CallListener {

  /** Hears nothing, and costs nothing. */
  CallListener NONE = call -> Answered.NOBODY;

  /**
   * A script is about to be called.
   *
   * @return who is told how that ended; nobody is when the process dies before
   */
  Answered calling(Call call);

  /**
   * One call of a script.
   *
   * @param script its name, such as {@code step}
   * @param names of the first arguments, as its header has them; what follows has none
   * @param arguments all ARGV; not copied, so not to be changed
   */
  record Call(String script, List<String> names, List<byte[]> arguments) {}

  /** Is told how a call ended. */
  interface Answered {

    /** Is told nothing. */
    Answered NOBODY =
        new Answered() {
          @Override
          public void answered(List<?> reply) {}

          @Override
          public void failed(boolean mayHaveRun, String why) {}
        };

    /**
     * The script has run.
     *
     * @param reply as RESP2 has it: {@code byte[]}, {@code Long}, lists of these, and null
     */
    void answered(List<?> reply);

    /**
     * No answer came.
     *
     * @param mayHaveRun whether the script may have changed something all the same
     */
    void failed(boolean mayHaveRun, String why);
  }
}
