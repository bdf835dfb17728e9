package dev.piecework.cli.run;

import dev.piecework.cli.output.Json;
import dev.piecework.cli.verb.LogFormat;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.WorkerEnd;
import dev.piecework.worker.WorkerListener;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * The log for machines: one JSON object per line with time, level, event, queue, worker and
 * message, and what else there is to an event. docs/logs.md has the events.
 */
final class EventLog implements LogFormat {

  /** What a container's runtime keeps in one piece is 16 KiB. */
  private static final int LONGEST = 4_000;

  private final Terminal terminal;
  private final String worker;
  private final InstantSource clock;
  private volatile @Nullable String queue;

  EventLog(Terminal terminal, String worker, InstantSource clock) {
    this.terminal = terminal;
    this.worker = worker;
    this.clock = clock;
  }

  /** From now on it is about this queue. */
  void of(String name) {
    queue = name;
  }

  @Override
  public String line(String event, String message) {
    return line(event, message, json -> {});
  }

  private String line(String event, String message, Consumer<JsonGenerator> more) {
    return Json.object(json -> {
      json.writeStringProperty("time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
      json.writeStringProperty("level", level(event));
      json.writeStringProperty("event", event);
      String about = queue;
      if (about != null) {
        json.writeStringProperty("queue", about);
      }
      json.writeStringProperty("worker", worker);
      more.accept(json);
      json.writeStringProperty("message", shortened(message));
    });
  }

  private static String level(String event) {
    return switch (event) {
      case "error", "failed", "redis-gone", "redis-refuses", "run-lost", "queue-unusable" ->
          "error";
      case "attempt-failed",
          "lease-lost",
          "session-lost",
          "incomplete",
          "never-filled",
          "stopped-early" ->
          "warn";
      case "attempt-done" -> "debug";
      default -> "info";
    };
  }

  private static String shortened(String text) {
    if (text.length() <= LONGEST) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
    return text.substring(0, end) + "…";
  }

  /** What becomes of a worker's attempts; of those that are done with {@code all} only. */
  WorkerListener attempts(boolean all) {
    return new WorkerListener() {
      @Override
      public void attemptEnded(Attempt attempt, Outcome outcome, Duration took) {
        switch (outcome) {
          case Outcome.Done o -> {
            if (all) {
              tell("attempt-done", attempt, "done", took);
            }
          }
          case Outcome.Retry o -> failed(attempt, "failed", o.reason(), took);
          case Outcome.NotYet o -> failed(attempt, "not_ready", o.reason(), took);
          case Outcome.Bury o -> failed(attempt, "buried", o.reason(), took);
          case Outcome.Release o -> {}
        }
      }

      @Override
      public void leaseLost(Attempt attempt) {
        terminal.log(
            line(
                "lease-lost",
                "the lease was lost before the attempt ended: another worker does the item",
                json -> item(json, attempt)));
      }

      @Override
      public void sessionLost() {
        terminal.log(line("session-lost", "taken for dead: all leases are lost, and begun anew"));
      }
    };
  }

  private void failed(Attempt attempt, String outcome, String cause, Duration took) {
    terminal.log(
        line(
            "attempt-failed",
            "attempt " + attempt.number() + " failed",
            json -> {
              item(json, attempt);
              json.writeStringProperty("outcome", outcome);
              json.writeStringProperty("cause", shortened(cause));
              json.writeNumberProperty("milliseconds", took.toMillis());
            }));
  }

  private void tell(String event, Attempt attempt, String outcome, Duration took) {
    terminal.log(
        line(
            event,
            "attempt " + attempt.number() + " " + outcome,
            json -> {
              item(json, attempt);
              json.writeStringProperty("outcome", outcome);
              json.writeNumberProperty("milliseconds", took.toMillis());
            }));
  }

  private static void item(JsonGenerator json, Attempt attempt) {
    json.writeStringProperty("id", attempt.id());
    json.writeNumberProperty("attempt", attempt.number());
  }

  /** The event that the end of a worker is. */
  static String ended(WorkerEnd end) {
    return switch (end) {
      case WorkerEnd.Drained e -> "drained";
      case WorkerEnd.LeftEarly e -> "left-early";
      case WorkerEnd.StoppedEarly e -> "stopped-early";
      case WorkerEnd.Incomplete e -> "incomplete";
      case WorkerEnd.RunLost e -> "run-lost";
      case WorkerEnd.NeverFilled e -> "never-filled";
      case WorkerEnd.Stopped e -> "stopped";
      case WorkerEnd.RedisGone e -> "redis-gone";
      case WorkerEnd.RedisRefuses e -> "redis-refuses";
      case WorkerEnd.QueueUnusable e -> "queue-unusable";
      case WorkerEnd.Failed e -> "failed";
    };
  }
}
