package dev.piecework.worker;

/**
 * What one slot does with the attempts it is supplied with. A {@link Handler} takes them one at a
 * time; a batch of a command takes several, a long-lived child takes some ahead.
 */
@FunctionalInterface
public interface SlotLoop {

  /**
   * Runs until {@link Supply#take()} answers null. Interrupted when the grace period of a stop is
   * over: it then ends what it runs, finishes what it can say something about, and returns; the
   * worker releases the rest. Whatever else it throws ends the worker; of the attempts that it had
   * in hand the oldest has failed then, and the rest is released.
   *
   * @param slot the slot's number, from 0
   */
  void run(int slot, Supply supply) throws InterruptedException;
}
