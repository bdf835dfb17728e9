package dev.piecework.internal.client;

import dev.piecework.QueueSettings;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The settings that a session or a producer goes by: those that it began with, until a heartbeat
 * tells of a change. The lease timeout comes with each heartbeat, since from that one on it holds.
 */
public final class SettingsFollowed {

  private volatile QueueSettings now;
  private volatile Duration interval;
  private long changes;

  /**
   * @param changes how often settings had been changed when these were read
   */
  public SettingsFollowed(QueueSettings first, long changes) {
    this.now = first;
    this.interval = first.heartbeatInterval();
    this.changes = changes;
  }

  /**
   * What Redis said.
   *
   * @param leaseTimeoutMillis how long it holds us for alive from now on
   * @param changesNow how often settings were changed so far
   * @param read reads them; may throw when Redis is away, then the next heartbeat reads them
   */
  public synchronized void heard(
      long leaseTimeoutMillis, long changesNow, Supplier<QueueSettings> read) {
    interval = QueueSettings.heartbeatInterval(Duration.ofMillis(leaseTimeoutMillis));
    if (changesNow != changes) {
      now = read.get();
      changes = changesNow;
    }
  }

  public QueueSettings now() {
    return now;
  }

  /** How often we must be heard. */
  public Duration interval() {
    return interval;
  }
}
