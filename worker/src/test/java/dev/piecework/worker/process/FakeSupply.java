package dev.piecework.worker.process;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.Supply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A bag in memory. What is released goes back to the front, unless the queue is paused; nothing
 * else comes back. A slot's take answers null when nothing waits and nothing is held.
 */
public class FakeSupply implements Supply {
  private final Deque<Attempt> waiting = new ArrayDeque<>();
  private final Map<String, Attempt> held = new LinkedHashMap<>();
  private final Map<String, Outcome> outcomes = new LinkedHashMap<>();
  private final List<String> released = new ArrayList<>();
  private final Set<String> dropped = new HashSet<>();
  private @Nullable String paused;

  /** What a queue throws that cannot be paused. */
  public @Nullable RuntimeException pauseFails;

  private long token = 1000;

  public FakeSupply(List<byte[]> payloads) {
    int id = 0;
    for (byte[] payload : payloads) {
      waiting.add(new Attempt(Integer.toString(++id), payload, 1, ++token));
    }
  }

  @Override
  public synchronized @Nullable Attempt take() throws InterruptedException {
    while (true) {
      Attempt attempt = paused == null ? waiting.poll() : null;
      if (attempt != null) {
        held.put(attempt.id(), attempt);
        return attempt;
      }
      if (held.isEmpty()) {
        return null;
      }
      wait();
    }
  }

  @Override
  public synchronized List<Attempt> more(int max) {
    List<Attempt> some = new ArrayList<>();
    while (some.size() < max && paused == null && !waiting.isEmpty()) {
      Attempt attempt = waiting.remove();
      held.put(attempt.id(), attempt);
      some.add(attempt);
    }
    return some;
  }

  @Override
  public synchronized void finish(Attempt attempt, Outcome outcome) {
    if (held.remove(attempt.id()) == null) {
      throw new IllegalStateException("finished before: " + attempt.id());
    }
    if (outcome instanceof Outcome.Release) {
      released.add(attempt.id());
      if (!dropped.contains(attempt.id())) {
        waiting.addFirst(new Attempt(attempt.id(), attempt.payload(), attempt.number(), ++token));
      }
    } else if (outcomes.put(attempt.id(), outcome) != null) {
      throw new IllegalStateException("two outcomes: " + attempt.id());
    }
    notifyAll();
  }

  @Override
  public synchronized boolean isDropped(Attempt attempt) {
    return dropped.contains(attempt.id());
  }

  /** What is released of these does not come back. */
  synchronized void drop(String id) {
    dropped.add(id);
  }

  @Override
  public synchronized void pauseQueue(String reason) {
    if (pauseFails != null) {
      throw pauseFails;
    }
    paused = reason;
  }

  public synchronized Map<String, Outcome> outcomes() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(outcomes));
  }

  /** The outcome of an item, which must be of this kind. */
  synchronized <T extends Outcome> T outcome(String id, Class<T> kind) {
    return kind.cast(Objects.requireNonNull(outcomes.get(id), "no outcome of " + id));
  }

  public synchronized List<String> released() {
    return List.copyOf(released);
  }

  public synchronized @Nullable String paused() {
    return paused;
  }

  synchronized int waiting() {
    return waiting.size();
  }
}
