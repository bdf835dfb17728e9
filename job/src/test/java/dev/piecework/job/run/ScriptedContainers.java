package dev.piecework.job.run;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Containers that do what a script says, in a time that is set.
 *
 * <p>A life is {@code SECONDS:CODE}, with {@code !SECONDS:CODE} after it for what it does on
 * SIGTERM; by default it ends at once with 143. {@code !never} ignores it. A container's lives are
 * separated by spaces, the last is repeated.
 */
final class ScriptedContainers implements Containers {
  private final Deque<Map<String, String>> scripts = new ArrayDeque<>();
  private final Map<Integer, Deque<Map<String, String>>> ofIndex = new HashMap<>();
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

  ScriptedContainers(
      List<Map<String, String>> pods,
      Map<Integer, List<Map<String, String>>> indexes,
      List<String> containerNames,
      SetClock clock) {
    scripts.addAll(pods);
    indexes.forEach((index, list) -> ofIndex.put(index, new ArrayDeque<>(list)));
    this.containerNames = containerNames;
    this.clock = clock;
  }

  @Override
  public void prepare(Created pod) {
    Deque<Map<String, String>> from = ofIndex.getOrDefault(pod.index(), scripts);
    ofPod.put(pod.name(), from.size() > 1 ? from.remove() : from.getFirst());
    names.add(pod.name());
    created.add(clock.seconds());
    alive++;
    most = Math.max(most, alive);
  }

  @Override
  public void start(String pod, int container, int life) {
    String name = containerNames.get(container);
    starts.add(clock.seconds() + " " + names.indexOf(pod) + "/" + name);
    String[] lives = ofPod.getOrDefault(pod, Map.of()).getOrDefault(name, "0:0").split(" ", -1);
    String[] parts = lives[Math.min(life, lives.length - 1)].split("!", -1);
    add(parts[0], pod, container, parts.length > 1 ? parts[1] : "0:143");
  }

  private void add(String life, String pod, int container, String onTerm) {
    String[] parts = life.split(":", -1);
    Instant at = clock.instant().plusMillis((long) (Double.parseDouble(parts[0]) * 1000));
    Exit exit = new Exit(at, order++, pod, container, Integer.parseInt(parts[1]), onTerm);
    running.put(pod + container, exit);
    exits.add(exit);
  }

  @Override
  public void terminate(String pod, int container) {
    Exit exit = running.get(pod + container);
    if (exit != null && !exit.onTerm().equals("never")) {
      exits.remove(exit);
      add(exit.onTerm(), pod, container, exit.onTerm());
    }
  }

  @Override
  public void kill(String pod, int container) {
    Exit exit = running.get(pod + container);
    if (exit != null) {
      exits.remove(exit);
      add("0:137", pod, container, "never");
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
