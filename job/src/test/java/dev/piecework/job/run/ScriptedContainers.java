package dev.piecework.job.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Containers that do what a script says, in a time that is set.
 *
 * <p>A life is {@code SECONDS:CODE}, with {@code !SECONDS:CODE} after it for what it does on
 * SIGTERM; by default it ends at once with 143. {@code !never} ignores it. A container's lives are
 * separated by spaces, the last is repeated.
 */
final class ScriptedContainers implements Containers {
  private final PodScripts scripts;
  private final Supplier<Duration> latency;
  private final List<String> containerNames;
  private final SetClock clock;
  private final Map<String, Map<String, String>> ofPod = new HashMap<>();
  private final Map<String, Exit> running = new HashMap<>();
  private final PriorityQueue<Exit> exits =
      new PriorityQueue<>(Comparator.comparing(Exit::at).thenComparingInt(Exit::order));
  private int order;

  final List<String> names = new ArrayList<>();
  final List<Long> created = new ArrayList<>();
  final List<String> starts = new ArrayList<>();
  int alive;
  int most;

  record Exit(Instant at, int order, String pod, int container, int code, String onTerm) {}

  /**
   * @param latency how long after its begin a container's life is counted
   */
  ScriptedContainers(
      PodScripts scripts, List<String> containerNames, SetClock clock, Supplier<Duration> latency) {
    this.scripts = scripts;
    this.latency = latency;
    this.containerNames = containerNames;
    this.clock = clock;
  }

  @Override
  public void prepare(Created pod) {
    ofPod.put(pod.name(), scripts.next(pod.index()));
    names.add(pod.name());
    created.add(clock.seconds());
    alive++;
    most = Math.max(most, alive);
  }

  @Override
  public void start(String pod, int container, int life) {
    String name = containerNames.get(container);
    starts.add(clock.seconds() + " " + names.indexOf(pod) + "/" + name);
    String[] lives = PodScripts.lives(ofPod.getOrDefault(pod, Map.of()), name).split(" ", -1);
    String[] parts = lives[Math.min(life, lives.length - 1)].split("!", -1);
    Instant from = clock.instant().plus(latency.get());
    add(from, parts[0], pod, container, parts.length > 1 ? parts[1] : "0:143");
  }

  private void add(Instant from, String life, String pod, int container, String onTerm) {
    String[] parts = life.split(":", -1);
    Instant at = from.plusMillis((long) (Double.parseDouble(parts[0]) * 1000));
    Exit exit = new Exit(at, order++, pod, container, Integer.parseInt(parts[1]), onTerm);
    running.put(pod + container, exit);
    exits.add(exit);
  }

  @Override
  public void terminate(String pod, int container) {
    Exit exit = running.get(pod + container);
    if (exit != null && !exit.onTerm().equals("never")) {
      exits.remove(exit);
      add(clock.instant(), exit.onTerm(), pod, container, exit.onTerm());
    }
  }

  @Override
  public void kill(String pod, int container) {
    Exit exit = running.get(pod + container);
    if (exit != null) {
      exits.remove(exit);
      add(clock.instant(), "0:137", pod, container, "never");
    }
  }

  @Override
  public void over(String pod) {
    alive--;
  }

  @Nullable Instant next() {
    Exit exit = exits.peek();
    return exit == null ? null : exit.at();
  }

  /** Ends what is to end by now. */
  void deliver(JobLoop loop) {
    Exit exit = exits.peek();
    while (exit != null && !exit.at().isAfter(clock.instant())) {
      exits.remove();
      running.remove(exit.pod() + exit.container());
      loop.exited(exit.pod(), exit.container(), exit.code());
      exit = exits.peek();
    }
  }
}
