package dev.piecework.drill;

import dev.piecework.Keep;
import dev.piecework.QueueSettings;
import java.time.Duration;

/**
 * The queue of a drill.
 *
 * @param leaseTimeout how soon a dead worker's items go to others
 * @param backup whether idle workers start again what slow ones hold
 */
public record DrillQueue(Duration leaseTimeout, boolean backup) {

  QueueSettings settings() {
    return QueueSettings.DEFAULTS
        .withLeaseTimeout(leaseTimeout)
        .withLosses(1_000) // many die, and no item of ours is to blame
        .withAttempts(5)
        .withBackoff(Duration.ofMillis(10), Duration.ofMillis(200))
        .withBackup(backup)
        .withKeep(Keep.RESULTS);
  }

  /** As a word of a command line. */
  String word() {
    return leaseTimeout.toMillis() + (backup ? "+backup" : "");
  }

  static DrillQueue ofWord(String word) {
    String[] parts = word.split("\\+", -1);
    return new DrillQueue(Duration.ofMillis(Long.parseLong(parts[0])), parts.length > 1);
  }
}
