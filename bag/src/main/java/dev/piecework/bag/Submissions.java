package dev.piecework.bag;

import dev.piecework.FillOptions;
import dev.piecework.Item;
import dev.piecework.ItemState;
import dev.piecework.ItemView;
import dev.piecework.PieceworkException;
import dev.piecework.Producer;
import dev.piecework.QueueState;
import dev.piecework.QueueStatus;
import dev.piecework.Result;
import dev.piecework.ResultLog;
import dev.piecework.RunLostException;
import dev.piecework.WorkQueue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Background actor: sends what is submitted, looks for what became of it, and completes the
 * futures. It asks nothing while nobody waits.
 */
final class Submissions implements AutoCloseable {

  private static final int PAGE = 500;
  private static final long LOOK_MILLIS = 10;
  private static final long DEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final WorkQueue queue;
  private final List<ResultLog> logs;
  private final long[] positions;
  private final Map<String, Waiting<?>> waiting = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> cancelled = new ConcurrentLinkedQueue<>();
  private final Semaphore submitted = new Semaphore(0);
  private final AtomicLong number = new AtomicLong();
  private final String prefix = UUID.randomUUID().toString().substring(0, 13) + "-";
  private final Object sending = new Object();
  private final Thread thread;
  private @Nullable Producer producer;
  private boolean finished;
  private volatile boolean closed;
  private long lastLook = System.nanoTime() - DEAD_NANOS;
  private long deadSeen = -1;
  private Set<String> missed = Set.of();

  private record Waiting<V>(CompletableFuture<V> future, Function<byte[], V> decode) {
    void complete(byte[] result) {
      try {
        future.complete(decode.apply(result));
      } catch (RuntimeException undecodable) {
        future.completeExceptionally(undecodable);
      }
    }
  }

  Submissions(WorkQueue queue) {
    ResultPages.requireResults(queue);
    this.queue = queue;
    this.logs = queue.admin().resultLogs();
    this.positions = new long[logs.size()];
    this.thread = new Thread(this::run, "piecework-futures");
    thread.setDaemon(true);
    thread.start();
  }

  <V> CompletableFuture<V> submit(byte[] payload, Function<byte[], V> decode) {
    String id = prefix + number.incrementAndGet();
    CompletableFuture<V> future = new CompletableFuture<>();
    synchronized (sending) {
      if (finished || closed) {
        throw new IllegalStateException(
            "nothing more is submitted to queue '" + queue.name() + "'");
      }
      Producer open = producer;
      if (open == null) {
        open = queue.produce(FillOptions.ANONYMOUS);
        producer = open;
      }
      waiting.put(id, new Waiting<>(future, decode));
      try {
        open.add(Item.of(payload).withId(id));
      } catch (RuntimeException refused) {
        waiting.remove(id);
        throw refused;
      }
    }
    var unused =
        future.whenComplete((value, failure) -> {
          if (waiting.remove(id) != null) {
            cancelled.add(id); // by whoever has the future
            submitted.release();
          }
        });
    submitted.release();
    return future;
  }

  /** The item that this future is waiting for. */
  @SuppressWarnings("ReferenceEquality") // a future is itself
  Optional<String> idOf(CompletableFuture<?> future) {
    return waiting.entrySet().stream()
        .filter(entry -> entry.getValue().future() == future)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  void finish() {
    synchronized (sending) {
      if (!finished) {
        finished = true;
        if (producer != null) {
          producer.finish();
          producer.close();
        }
      }
    }
  }

  private void run() {
    try {
      while (!closed) {
        boolean idle = waiting.isEmpty() && cancelled.isEmpty();
        if (idle) {
          submitted.acquire();
        } else {
          var unused = submitted.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
        submitted.drainPermits();
        look();
      }
    } catch (InterruptedException byClose) {
      // Nobody is waited for any more.
    }
  }

  private void look() {
    if (closed) {
      return;
    }
    try {
      dropCancelled();
      flush();
      if (!takeResults() && !waiting.isEmpty()) {
        lookForTheDead();
      }
    } catch (PieceworkException failed) {
      if (!closed) {
        failAll(failed);
      }
    }
  }

  private void flush() {
    List<String> unused = sent();
  }

  /** What is waited for and, by now, in the queue: not what is submitted while this is asked. */
  private List<String> sent() {
    synchronized (sending) {
      if (producer != null && !finished) {
        producer.flush();
      }
      return List.copyOf(waiting.keySet());
    }
  }

  private void dropCancelled() {
    for (String id = cancelled.poll(); id != null; id = cancelled.poll()) {
      flush(); // or it would be dropped before it is there
      var unused = queue.admin().dropItem(id);
    }
  }

  private boolean takeResults() {
    boolean any = false;
    for (int i = 0; i < logs.size(); i++) {
      List<Result> page = logs.get(i).after(positions[i], PAGE);
      for (Result result : page) {
        Waiting<?> waits = waiting.remove(result.id());
        if (waits != null) {
          waits.complete(result.result());
        }
        positions[i] = result.sequence();
      }
      any |= !page.isEmpty();
    }
    return any;
  }

  private void lookForTheDead() {
    long now = System.nanoTime();
    if (now - lastLook < DEAD_NANOS) {
      return;
    }
    lastLook = now;
    List<String> ids = new ArrayList<>(sent());
    QueueStatus status = queue.admin().status();
    if (status.state() instanceof QueueState.Lost lost) {
      failAll(new RunLostException(lost.why()));
      return;
    }
    if (status.counts().dead() != deadSeen) {
      deadSeen = status.counts().dead();
      queue
          .admin()
          .items(ItemState.DEAD)
          .forEach(item -> died(String.valueOf(item.id()), item.error()));
    }
    ids.retainAll(waiting.keySet());
    if (ids.size() > status.counts().unfinished()) {
      lookForEach(ids);
    }
  }

  private void died(String id, @Nullable String reason) {
    Waiting<?> waits = waiting.remove(id);
    if (waits != null) {
      waits
          .future()
          .completeExceptionally(
              new ItemDeadException(id, reason == null ? "no reason given" : reason));
    }
  }

  /**
   * Fewer are left than are waited for: their results are there by now, or they are gone. That is
   * said of those that two looks have missed: one may miss what changes hands.
   */
  private void lookForEach(List<String> ids) {
    while (takeResults()) {
      // the next page
    }
    ids.retainAll(waiting.keySet());
    Set<String> missing = new HashSet<>();
    for (String id : ids) {
      Optional<ItemView> item = queue.admin().item(id);
      if (item.isPresent() && item.get().state() == ItemState.DEAD) {
        died(id, item.get().error()); // as many are dead as before where another was requeued
      } else if (item.isEmpty()) {
        while (takeResults()) {
          // It may have been done while it was looked for.
        }
        missing.add(id);
      }
    }
    for (String id : missing) {
      Waiting<?> gone = missed.contains(id) ? waiting.remove(id) : null;
      if (gone != null) {
        gone.future().completeExceptionally(new ItemGoneException(id));
      }
    }
    missed = missing;
  }

  private void failAll(RuntimeException why) {
    for (String id : List.copyOf(waiting.keySet())) {
      Waiting<?> waits = waiting.remove(id);
      if (waits != null) {
        waits.future().completeExceptionally(why);
      }
    }
    synchronized (sending) {
      producer = null; // the next one begins anew, and maybe another run
      Arrays.fill(positions, 0);
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    synchronized (sending) {
      if (producer != null && !finished) {
        try {
          producer.finish();
        } catch (PieceworkException lost) {
          // The futures go too.
        }
        producer.close();
      }
      finished = true;
    }
    for (Waiting<?> waits : waiting.values()) {
      waits
          .future()
          .completeExceptionally(
              new IllegalStateException(
                  "queue '" + queue.name() + "' was closed; the item is in it"));
    }
    waiting.clear();
  }
}
