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
    Duration retention) {

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
          Duration.ofDays(7));

  public QueueSettings {
    require(attempts >= 1, "attempts", attempts, "is at least 1");
    require(losses >= 1, "losses", losses, "is at least 1");
    require(!backoffMin.isNegative(), "backoff", backoffMin, "is not negative");
    require(
        backoffMax.compareTo(backoffMin) >= 0, "backoff", backoffMax, "ends at or above its start");
    require(lapse.toMillis() >= 30, "lapse", lapse, "is at least 30 ms");
    require(!producerGrace.isNegative(), "producer-grace", producerGrace, "is not negative");
    require(resultsMax >= 0, "results-max", resultsMax, "is not negative");
    require(payloadMax >= 1, "payload-max", payloadMax, "is at least 1");
    require(resultMax >= 0, "result-max", resultMax, "is not negative");
    require(!retention.isNegative(), "retention", retention, "is not negative");
  }

  /** How often a session and a producer must be heard: a third of the lapse. */
  public Duration heartbeatInterval() {
    return lapse.dividedBy(3);
  }

  public QueueSettings withAttempts(int value) {
    return new QueueSettings(
        value,
        losses,
        backoffMin,
        backoffMax,
        lapse,
        producerGrace,
        keep,
        resultsMax,
        payloadMax,
        resultMax,
        retention);
  }

  public QueueSettings withLosses(int value) {
    return new QueueSettings(
        attempts,
        value,
        backoffMin,
        backoffMax,
        lapse,
        producerGrace,
        keep,
        resultsMax,
        payloadMax,
        resultMax,
        retention);
  }

  public QueueSettings withBackoff(Duration min, Duration max) {
    return new QueueSettings(
        attempts,
        losses,
        min,
        max,
        lapse,
        producerGrace,
        keep,
        resultsMax,
        payloadMax,
        resultMax,
        retention);
  }

  public QueueSettings withLapse(Duration value) {
    return new QueueSettings(
        attempts,
        losses,
        backoffMin,
        backoffMax,
        value,
        producerGrace,
        keep,
        resultsMax,
        payloadMax,
        resultMax,
        retention);
  }

  public QueueSettings withProducerGrace(Duration value) {
    return new QueueSettings(
        attempts,
        losses,
        backoffMin,
        backoffMax,
        lapse,
        value,
        keep,
        resultsMax,
        payloadMax,
        resultMax,
        retention);
  }

  public QueueSettings withKeep(Keep value) {
    return new QueueSettings(
        attempts,
        losses,
        backoffMin,
        backoffMax,
        lapse,
        producerGrace,
        value,
        resultsMax,
        payloadMax,
        resultMax,
        retention);
  }

  public QueueSettings withResultsMax(long value) {
    return new QueueSettings(
        attempts,
        losses,
        backoffMin,
        backoffMax,
        lapse,
        producerGrace,
        keep,
        value,
        payloadMax,
        resultMax,
        retention);
  }

  public QueueSettings withPayloadMax(int value) {
    return new QueueSettings(
        attempts,
        losses,
        backoffMin,
        backoffMax,
        lapse,
        producerGrace,
        keep,
        resultsMax,
        value,
        resultMax,
        retention);
  }

  public QueueSettings withResultMax(int value) {
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
        value,
        retention);
  }

  public QueueSettings withRetention(Duration value) {
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
        value);
  }

  private static void require(boolean holds, String name, Object value, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(name + " " + rule + ", not " + value);
    }
  }
}
