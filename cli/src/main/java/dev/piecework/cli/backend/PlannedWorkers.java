package dev.piecework.cli.backend;

import dev.piecework.cli.verb.Terminal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is to be submitted to a {@link Backend}, under its name. */
public interface PlannedWorkers {

  String queue();

  /** Whether they end when their queue is drained. */
  boolean end();

  /** Whether they must not see the queue before all is in it. */
  boolean needAllFilled();

  /**
   * Makes what has to be there before the workers, and waits for a Redis that is among it. What is
   * there already is kept.
   *
   * @param redisTimeout how long Redis may take to be ready
   */
  void prepare(Terminal terminal, Duration redisTimeout) throws InterruptedException;

  /**
   * Redis as this machine reaches it, once all is prepared.
   *
   * @param fromHere its URL for this machine; null to find out
   */
  RedisAccess redis(@Nullable String fromHere);

  /** Makes the workers, or changes those that are there where the place can do that. */
  void make(Target target);

  /** Removes workers that are there, so that new ones can be made. */
  void removeThoseThere();

  /** How many there are to be at once. */
  int parallelism();

  /** Whether those that are there were made for the same work, but for their number. */
  boolean areThere(Target target);

  /** What people call them and where they are, as in {@code Job 'job2' in namespace 'bags'}. */
  String place();

  /**
   * What they work for.
   *
   * @param run null for whichever there is
   * @param expect how many items it must come to hold; null when nobody said
   */
  record Target(@Nullable String run, @Nullable Long expect) {}
}
