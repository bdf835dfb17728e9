package dev.piecework.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What faults are given: the processes of a drill, and random numbers from its seed. */
public final class FaultContext {

  private final DrillPlan plan;
  private final ProcessSet processes;
  private final Random random;
  private final List<Thread> goingOn = new ArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);

  FaultContext(DrillPlan plan, ProcessSet processes) {
    this.plan = plan;
    this.processes = processes;
    this.random = new Random(plan.seed());
  }

  public DrillPlan plan() {
    return plan;
  }

  public Random random() {
    return random;
  }

  /** How far the bag is. */
  public Phase phase() {
    return processes.phase();
  }

  /** A worker that is alive and not frozen. */
  public Optional<String> anyWorker() {
    List<String> able = processes.ableWorkers();
    return able.isEmpty() ? Optional.empty() : Optional.of(able.get(random.nextInt(able.size())));
  }

  /** Whether there is one. */
  public boolean hasWorker() {
    return !processes.ableWorkers().isEmpty();
  }

  /** Whether the producer is alive. */
  public boolean producerLives() {
    return processes.producerLives();
  }

  /** SIGKILL to a worker; another takes its place at once. */
  public void killWorker(String name) {
    injected(name);
    processes.killWorker(name);
  }

  /** SIGSTOP to a worker, and SIGCONT after a while. */
  public void freezeWorker(String name, Duration time) throws Exception {
    injected(name);
    processes.freezeWorker(name, time);
  }

  /** SIGKILL to the producer; another takes its place at once. */
  public void killProducer() {
    injected("producer");
    processes.killProducer();
  }

  /** Records into what a fault was injected; those that call nothing else here call this. */
  public void injected(String victim) {
    processes.injected(victim);
  }

  /** Something worth a figure: how long it took until all went on again. */
  public void recovers(String what) {
    processes.recovers(what);
  }

  /**
   * What Redis answered may be undone by what is done to it now: what it answered in this time
   * before, and from now on until the end of that is told by running what is given back. None of
   * it, where that time is zero: such a Redis keeps all that it has answered.
   */
  public Runnable mayUndo(Duration before) {
    return before.isZero() ? () -> {} : processes.mayUndo(before);
  }

  /** Makes good after a while, at the latest when the faults are over. */
  public void later(Duration time, Runnable makeGood) {
    synchronized (goingOn) {
      goingOn.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  over.await(time.toMillis(), TimeUnit.MILLISECONDS);
                } catch (InterruptedException stopped) {
                  Thread.currentThread().interrupt();
                }
                makeGood.run();
              }));
    }
  }

  /** Makes good whatever is not good yet. */
  void end() throws InterruptedException {
    over.countDown();
    List<Thread> all;
    synchronized (goingOn) {
      all = List.copyOf(goingOn);
    }
    for (Thread each : all) {
      each.join();
    }
  }
}
