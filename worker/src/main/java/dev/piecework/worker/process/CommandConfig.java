package dev.piecework.worker.process;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * How commands are run.
 *
 * @param command what to run
 * @param queue the queue's name, told to the command as {@code PIECEWORK_QUEUE}
 * @param timeout for one item, or empty for none; a batch of n items has n times as long
 * @param results how large one result may be, and where a large one goes
 * @param stderr gets each line that a command or child writes on standard error, as UTF-8 with
 *     U+FFFD for what is not; called from several threads, one line at a time for one command
 * @param listener hears of each command that is started for items; {@link CommandListener#NONE} for
 *     nobody
 * @param places where commands run; {@link CommandPlaces#NONE} for here
 * @param context which trace an attempt belongs to; {@link AttemptContext#NONE} for none
 */
public record CommandConfig(
    CommandTemplate command,
    String queue,
    ItemTimeout timeout,
    ResultLimits results,
    Consumer<String> stderr,
    CommandListener listener,
    CommandPlaces places,
    AttemptContext context) {

  public CommandConfig {
    if (queue.isEmpty() || queue.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("queue: not a name: '" + queue + "'");
    }
  }

  /** No timeout, results up to 1 MiB, standard error kept only as evidence. */
  public static CommandConfig of(CommandTemplate command, String queue) {
    return new CommandConfig(
        command,
        queue,
        ItemTimeout.NONE,
        ResultLimits.DEFAULT,
        line -> {},
        CommandListener.NONE,
        CommandPlaces.NONE,
        AttemptContext.NONE);
  }

  public CommandConfig withTimeout(Duration limit) {
    return withTimeout(ItemTimeout.of(limit));
  }

  public CommandConfig withTimeout(ItemTimeout value) {
    return new CommandConfig(command, queue, value, results, stderr, listener, places, context);
  }

  /** All results are held in memory. */
  public CommandConfig withResultLimit(int bytes) {
    return withResults(ResultLimits.inMemory(bytes));
  }

  public CommandConfig withResults(ResultLimits limits) {
    return new CommandConfig(command, queue, timeout, limits, stderr, listener, places, context);
  }

  public CommandConfig withStderr(Consumer<String> lines) {
    return new CommandConfig(command, queue, timeout, results, lines, listener, places, context);
  }

  public CommandConfig withListener(CommandListener value) {
    return new CommandConfig(command, queue, timeout, results, stderr, value, places, context);
  }

  public CommandConfig withPlaces(CommandPlaces value) {
    return new CommandConfig(command, queue, timeout, results, stderr, listener, value, context);
  }

  public CommandConfig withContext(AttemptContext value) {
    return new CommandConfig(command, queue, timeout, results, stderr, listener, places, value);
  }
}
