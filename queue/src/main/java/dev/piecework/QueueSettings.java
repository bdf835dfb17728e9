package dev.piecework;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is stored with a queue when it is created, since whoever reclaims a lost lease must apply
 * it. A client whose own wishes differ keeps to the queue's. A value; {@link #DEFAULTS} is where to
 * begin. {@link Setting} is the table of the settings, with their names, defaults and bounds.
 */
public final class QueueSettings {

  /** The largest payload, and the largest result, of any queue: what Redis stores in one value. */
  public static final int MOST_BYTES = 512 << 20;

  /** The most partitions of one queue: more than masters that anybody has. */
  public static final int MOST_PARTITIONS = 256;

  /** The settings of a queue that nobody said anything about. */
  public static final QueueSettings DEFAULTS = new QueueSettings(Map.of());

  /** Those that are not the defaults. */
  private final Map<Setting<?>, Object> values;

  private QueueSettings(Map<Setting<?>, Object> values) {
    this.values = values;
  }

  /**
   * Pauses after failed attempts.
   *
   * @param min the back-off after the first failed attempt, at most; doubles with each further one
   * @param max what the back-off never exceeds
   */
  public record Backoff(Duration min, Duration max) {

    /**
     * Reads {@code 1s..1m}, or one duration for both.
     *
     * @throws IllegalArgumentException naming what is no duration
     */
    public static Backoff parse(String text) {
      int dots = text.indexOf("..");
      Duration min = HumanDuration.parse(dots < 0 ? text : text.substring(0, dots));
      Duration max = dots < 0 ? min : HumanDuration.parse(text.substring(dots + 2));
      return new Backoff(min, max);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
      return HumanDuration.format(min) + ".." + HumanDuration.format(max);
    }
  }

  /** The value of one setting. */
  public <T> T get(Setting<T> setting) {
    Object value = values.get(setting);
    return value == null ? setting.defaultValue() : setting.type().cast(value);
  }

  /**
   * These settings but for one.
   *
   * @throws IllegalArgumentException when the value is out of the setting's bounds
   */
  public <T> QueueSettings with(Setting<T> setting, T value) {
    Map<Setting<?>, Object> changed = new HashMap<>(values);
    if (setting.checked(value).equals(setting.defaultValue())) {
      changed.remove(setting);
    } else {
      changed.put(setting, value);
    }
    return new QueueSettings(changed);
  }

  /** The table of settings, without {@link Setting#PARTITIONS} where there is one partition. */
  public List<Setting<?>> listed() {
    return Setting.all().stream()
        .filter(setting -> setting.isChangeable() || values.containsKey(setting))
        .toList();
  }

  /** The value of one setting as people write it. */
  public <T> String text(Setting<T> setting) {
    return setting.format(get(setting));
  }

  /** Failed attempts after which an item is dead; default 3. */
  public int attempts() {
    return get(Setting.ATTEMPTS);
  }

  public QueueSettings withAttempts(int value) {
    return with(Setting.ATTEMPTS, value);
  }

  /** Workers lost while holding an item, alone, after which it is dead; default 5. */
  public int losses() {
    return get(Setting.LOSSES);
  }

  public QueueSettings withLosses(int value) {
    return with(Setting.LOSSES, value);
  }

  /** The back-off after the first failed attempt, at most; doubles with each further one. */
  public Duration backoffMin() {
    return get(Setting.BACKOFF).min();
  }

  /** What the back-off never exceeds. */
  public Duration backoffMax() {
    return get(Setting.BACKOFF).max();
  }

  public QueueSettings withBackoff(Duration min, Duration max) {
    return with(Setting.BACKOFF, new Backoff(min, max));
  }

  /** A session without a heartbeat for this long has lost its leases; default 15 s. */
  public Duration leaseTimeout() {
    return get(Setting.LEASE_TIMEOUT);
  }

  public QueueSettings withLeaseTimeout(Duration value) {
    return with(Setting.LEASE_TIMEOUT, value);
  }

  /** How often a session and a producer must be heard. */
  public Duration heartbeatInterval() {
    return heartbeatInterval(leaseTimeout());
  }

  /**
   * How often one must be heard that is held for alive for this long: a third of it. It has to be
   * less than two thirds, since a silence of that tells the scripts that a heartbeat was missed.
   */
  public static Duration heartbeatInterval(Duration leaseTimeout) {
    return leaseTimeout.dividedBy(3);
  }

  /**
   * How long a producer that went silent may take to come back before the run is incomplete;
   * default 5 min.
   */
  public Duration producerGrace() {
    return get(Setting.PRODUCER_GRACE);
  }

  public QueueSettings withProducerGrace(Duration value) {
    return with(Setting.PRODUCER_GRACE, value);
  }

  /** What is kept of done items. */
  public Keep keep() {
    return get(Setting.KEEP);
  }

  public QueueSettings withKeep(Keep value) {
    return with(Setting.KEEP, value);
  }

  /**
   * Bytes of stored results beyond which workers stop leasing; 0 for the default: 1 GiB or a
   * quarter of the server's maxmemory, whichever is less. Of all partitions together.
   */
  public long resultsMax() {
    return get(Setting.RESULTS_MAX);
  }

  public QueueSettings withResultsMax(long value) {
    return with(Setting.RESULTS_MAX, value);
  }

  /** The largest payload in bytes; default 1 MiB. */
  public int payloadMax() {
    return Math.toIntExact(get(Setting.PAYLOAD_MAX));
  }

  public QueueSettings withPayloadMax(int value) {
    return with(Setting.PAYLOAD_MAX, (long) value);
  }

  /** The largest result in bytes; default 1 MiB. */
  public int resultMax() {
    return Math.toIntExact(get(Setting.RESULT_MAX));
  }

  public QueueSettings withResultMax(int value) {
    return with(Setting.RESULT_MAX, (long) value);
  }

  /** How long results are kept after the queue is drained; zero for ever; default 7 days. */
  public Duration retention() {
    return get(Setting.RETENTION);
  }

  public QueueSettings withRetention(Duration value) {
    return with(Setting.RETENTION, value);
  }

  /** When the run is paused since to go on would be in vain; default off. */
  public StopEarly stopEarly() {
    return get(Setting.STOP_EARLY);
  }

  public QueueSettings withStopEarly(StopEarly value) {
    return with(Setting.STOP_EARLY, value);
  }

  /**
   * Whether idle workers start again what slow ones hold at the end of a bag, so that a handler may
   * be at one item twice at the same time; default false.
   */
  public boolean backup() {
    return get(Setting.BACKUP);
  }

  public QueueSettings withBackup(boolean value) {
    return with(Setting.BACKUP, value);
  }

  /**
   * In how many hash slots of a Cluster the queue lies; 1 for a queue in one slot. Never changes.
   */
  public int partitions() {
    return get(Setting.PARTITIONS);
  }

  public QueueSettings withPartitions(int value) {
    return with(Setting.PARTITIONS, value);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof QueueSettings settings && values.equals(settings.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /** Those that are {@link #listed}, as {@code piecework set} takes them. */
  @Override
  public String toString() {
    return listed().stream()
        .map(setting -> setting + "=" + text(setting))
        .collect(Collectors.joining(" "));
  }
}
