package dev.piecework;

import java.time.Duration;

/**
 * What is stored with a queue when it is created, since whoever reclaims a lost lease must apply
 * it. A client whose own wishes differ keeps to the queue's.
 *
 * @param attempts failed attempts after which an item is dead; default 3
 * @param losses workers lost while holding an item, alone, after which it is dead; default 5
 * @param backoffMin the back-off after the first failed attempt, at most; doubles with each further
 *     one
 * @param backoffMax what the back-off never exceeds
 * @param lapse a session without a heartbeat for this long has lost its leases; default 15 s
 * @param producerGrace how long a producer that went silent may take to come back before the run is
 *     incomplete; default 5 min
 * @param keep what is kept of done items
 * @param resultsMax bytes of stored results beyond which workers stop leasing; 0 for the default: 1
 *     GiB or a quarter of the server's maxmemory, whichever is less
 * @param payloadMax the largest payload in bytes
 * @param resultMax the largest result in bytes
 * @param retention how long results are kept after the queue is drained; zero for ever
 * @param partitions in how many hash slots of a Cluster the queue lies; 1 for a queue in one slot.
 *     Never changes. The bound of stored results is that of the whole queue
 */
public record QueueSettings(
    int attempts,
    int losses,
    Duration backoffMin,
    Duration backoffMax,
    Duration lapse,
    Duration producerGrace,
    Keep keep,
    long resultsMax,
    int payloadMax,
    int resultMax,
    Duration retention,
    int partitions) {

  private static final Duration SHORTEST_LAPSE = Duration.ofMillis(30);

  /** The largest payload, and the largest result, of any queue: what Redis stores in one value. */
  public static final int MOST_BYTES = 512 << 20;

  /** The most partitions of one queue: more than masters that anybody has. */
  public static final int MOST_PARTITIONS = 256;

  /** The settings of a queue that nobody said anything about. */
  public static final QueueSettings DEFAULTS =
      new QueueSettings(
          3,
          5,
          Duration.ofSeconds(1),
          Duration.ofMinutes(1),
          Duration.ofSeconds(15),
          Duration.ofMinutes(5),
          Keep.COUNTS,
          0,
          1 << 20,
          1 << 20,
          Duration.ofDays(7),
          1);

  public QueueSettings {
    require(attempts >= 1, "attempts", attempts, "is at least 1");
    require(losses >= 1, "losses", losses, "is at least 1");
    require(!backoffMin.isNegative(), "backoff", backoffMin, "is not negative");
    require(
        backoffMax.compareTo(backoffMin) >= 0, "backoff", backoffMax, "ends at or above its start");
    require(lapse.compareTo(SHORTEST_LAPSE) >= 0, "lapse", lapse, "is at least 30 ms");
    require(!producerGrace.isNegative(), "producer-grace", producerGrace, "is not negative");
    require(resultsMax >= 0, "results-max", resultsMax, "is not negative");
    require(payloadMax >= 1, "payload-max", payloadMax, "is at least 1");
    require(payloadMax <= MOST_BYTES, "payload-max", payloadMax, "is at most 512m");
    require(resultMax >= 0, "result-max", resultMax, "is not negative");
    require(resultMax <= MOST_BYTES, "result-max", resultMax, "is at most 512m");
    require(!retention.isNegative(), "retention", retention, "is not negative");
    requireCountable("backoff", backoffMax);
    requireCountable("lapse", lapse);
    requireCountable("producer-grace", producerGrace);
    requireCountable("retention", retention);
    require(
        partitions >= 1 && partitions <= MOST_PARTITIONS,
        "partitions",
        partitions,
        "is a number from 1 to " + MOST_PARTITIONS);
  }

  /** How often a session and a producer must be heard: a third of the lapse. */
  public Duration heartbeatInterval() {
    return lapse.dividedBy(3);
  }

  public QueueSettings withAttempts(int value) {
    Draft draft = new Draft(this);
    draft.attempts = value;
    return draft.settings();
  }

  public QueueSettings withLosses(int value) {
    Draft draft = new Draft(this);
    draft.losses = value;
    return draft.settings();
  }

  public QueueSettings withBackoff(Duration min, Duration max) {
    Draft draft = new Draft(this);
    draft.backoffMin = min;
    draft.backoffMax = max;
    return draft.settings();
  }

  public QueueSettings withLapse(Duration value) {
    Draft draft = new Draft(this);
    draft.lapse = value;
    return draft.settings();
  }

  public QueueSettings withProducerGrace(Duration value) {
    Draft draft = new Draft(this);
    draft.producerGrace = value;
    return draft.settings();
  }

  public QueueSettings withKeep(Keep value) {
    Draft draft = new Draft(this);
    draft.keep = value;
    return draft.settings();
  }

  public QueueSettings withResultsMax(long value) {
    Draft draft = new Draft(this);
    draft.resultsMax = value;
    return draft.settings();
  }

  public QueueSettings withPayloadMax(int value) {
    Draft draft = new Draft(this);
    draft.payloadMax = value;
    return draft.settings();
  }

  public QueueSettings withResultMax(int value) {
    Draft draft = new Draft(this);
    draft.resultMax = value;
    return draft.settings();
  }

  public QueueSettings withRetention(Duration value) {
    Draft draft = new Draft(this);
    draft.retention = value;
    return draft.settings();
  }

  public QueueSettings withPartitions(int value) {
    Draft draft = new Draft(this);
    draft.partitions = value;
    return draft.settings();
  }

  // Scripts count in milliseconds.
  private static void requireCountable(String name, Duration value) {
    require(
        value.compareTo(HumanDuration.LONGEST) <= 0,
        name,
        value,
        "is at most " + HumanDuration.format(HumanDuration.LONGEST));
  }

  private static void require(boolean holds, String name, Object value, String rule) {
    if (!holds) {
      Object shown = value instanceof Duration time ? HumanDuration.format(time) : value;
      throw new IllegalArgumentException(name + " " + rule + ", not " + shown);
    }
  }

  /** A copy on its way to become other settings. */
  private static final class Draft {
    private int attempts;
    private int losses;
    private Duration backoffMin;
    private Duration backoffMax;
    private Duration lapse;
    private Duration producerGrace;
    private Keep keep;
    private long resultsMax;
    private int payloadMax;
    private int resultMax;
    private Duration retention;
    private int partitions;

    Draft(QueueSettings from) {
      attempts = from.attempts;
      losses = from.losses;
      backoffMin = from.backoffMin;
      backoffMax = from.backoffMax;
      lapse = from.lapse;
      producerGrace = from.producerGrace;
      keep = from.keep;
      resultsMax = from.resultsMax;
      payloadMax = from.payloadMax;
      resultMax = from.resultMax;
      retention = from.retention;
      partitions = from.partitions;
    }

    QueueSettings settings() {
      return new QueueSettings(
          attempts,
          losses,
          backoffMin,
          backoffMax,
          lapse,
          producerGrace,
          keep,
          resultsMax,
          payloadMax,
          resultMax,
          retention,
          partitions);
    }
  }
}
