package dev.piecework.drill;

import java.time.Duration;

/** One kind of fault. */
public interface Fault {

  /** Its name, for people and for the figures. */
  String kind();

  /** Whether there is anything now that it could be injected into. */
  default boolean isPossible(FaultContext context) {
    return true;
  }

  /**
   * Injects it once. What has to be made good later is given to {@link FaultContext#later}; until
   * then the fault counts as going on.
   *
   * @throws Exception when it could not: the drill ends then, for it proves nothing
   */
  void inject(FaultContext context) throws Exception;

  /** How long a fault of this length lasts that shall outlive the queue's lapse. */
  static Duration longerThan(Duration lapse) {
    return lapse.plus(lapse.dividedBy(2));
  }
}
