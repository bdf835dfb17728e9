package dev.piecework.drill;

import java.time.Duration;

/** One kind of misfortune. */
public interface Fault {

  /** Its name, for people and for the figures. */
  String kind();

  /** Whether there is anything that it could strike now. */
  default boolean isPossible(Scene scene) {
    return true;
  }

  /**
   * Strikes once. What has to be made good later is given to {@link Scene#later}; until then the
   * fault counts as going on.
   *
   * @throws Exception when it could not: the drill ends then, for it proves nothing
   */
  void strike(Scene scene) throws Exception;

  /** How long a fault of this length lasts that shall outlive the queue's lease timeout. */
  static Duration longerThan(Duration leaseTimeout) {
    return leaseTimeout.plus(leaseTimeout.dividedBy(2));
  }
}
