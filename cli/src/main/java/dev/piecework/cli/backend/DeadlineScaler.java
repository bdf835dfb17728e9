package dev.piecework.cli.backend;

import dev.piecework.PieceworkException;
import dev.piecework.QueueState;
import dev.piecework.QueueStatus;
import dev.piecework.WorkQueue;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.estimate.EndEstimator;
import dev.piecework.journal.Journal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Chooses how many workers there are, now and then, by a {@link DeadlineRule}. For the thread that
 * follows them.
 */
final class DeadlineScaler {

  /** The journal is written with heartbeats; more often there is nothing new. */
  private static final Duration PAUSE = Duration.ofSeconds(5);

  /** What was changed takes effect first: pods start, their workers are heard. */
  private static final Duration SETTLED = Duration.ofSeconds(30);

  private final Terminal terminal;
  private final Backend backend;
  private final DeadlineRule rule;
  private final WorkQueue queue;
  private final long began = System.nanoTime();
  private long next = began;

  /**
   * @param queue gives up soon when Redis is away
   */
  DeadlineScaler(Terminal terminal, Backend backend, DeadlineRule rule, WorkQueue queue) {
    this.terminal = terminal;
    this.backend = backend;
    this.rule = rule;
    this.queue = queue;
  }

  /** Looks, unless it has just done so, and changes the number where that is needed. */
  void look(WorkersView view) {
    long now = System.nanoTime();
    if (now - next < 0 || view.wish().suspended()) {
      return;
    }
    next = now + PAUSE.toNanos();
    Optional<DeadlineRule.Choice> choice;
    try {
      choice = choose(view, Duration.ofNanos(now - began));
    } catch (PieceworkException away) {
      return; // whoever follows looks too, and says so
    }
    if (choice.isPresent()) {
      int pods = choice.get().workers();
      backend.scale(pods);
      terminal.say(
          "for the deadline: "
              + choice.get().says()
              + "; "
              + Scaling.said(view, pods, backend.group()));
      next = now + SETTLED.toNanos();
    }
  }

  private Optional<DeadlineRule.Choice> choose(WorkersView view, Duration elapsed) {
    QueueStatus status = queue.admin().status();
    int wished = view.wish().parallelism();
    if (status.state() instanceof QueueState.Drained) {
      Integer completions = view.wish().completions();
      int missing = completions == null ? 0 : completions - view.succeeded();
      return missing > wished
          ? Optional.of(
              new DeadlineRule.Choice(missing, "all is done, but each completion has to exit once"))
          : Optional.empty();
    }
    Journal journal = queue.admin().journal();
    EndEstimator estimator = status.estimator(journal);
    List<QueueStatus.SessionView> heard =
        status.sessions().stream().filter(session -> !session.expired()).toList();
    int slots = heard.stream().mapToInt(session -> session.info().slots()).sum();
    return rule.choose(
        new DeadlineRule.Workers(wished, heard.size(), slots, room(view)),
        elapsed,
        status.end(journal),
        estimator::range);
  }

  /** How many there can be at once, as the shape has it. */
  static int room(WorkersView view) {
    Integer completions = view.wish().completions();
    if (completions != null) {
      return completions - view.succeeded();
    }
    // A Job without completions starts none any more once one has ended.
    return view.ends() && view.succeeded() > 0 ? view.wish().parallelism() : Integer.MAX_VALUE;
  }
}
