package dev.piecework.drill;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.piecework.drill.history.History;
import dev.piecework.drill.history.Operation.Moment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The processes of a drill: workers and a producer. One that dies by a fault is replaced. */
final class ProcessSet {

  private final DrillPlan plan;
  private final DrillEnvironment environment;
  private final Path folder;
  private final String queue;
  private final Consumer<String> notices;
  private final Map<String, JavaProcess> workers = new LinkedHashMap<>();
  private final List<InjectedFault> injected = new ArrayList<>();
  private final Map<String, List<Long>> recoveries = new LinkedHashMap<>();
  private final List<Moment> undone = new ArrayList<>();
  private @Nullable JavaProcess producer;
  private boolean filled;
  private int started;
  private volatile long left;
  private volatile long done;
  private String kind = "";
  private final CountDownLatch begun = new CountDownLatch(1);

  ProcessSet(
      DrillPlan plan,
      DrillEnvironment environment,
      Path folder,
      String queue,
      Consumer<String> notices) {
    this.plan = plan;
    this.environment = environment;
    this.folder = folder;
    this.queue = queue;
    this.notices = notices;
    this.left = plan.items();
  }

  synchronized void start() {
    producer = startProducer();
    for (int i = 0; i < plan.workers(); i++) {
      startWorker();
    }
  }

  private void startWorker() {
    String name = "worker-" + ++started;
    workers.put(
        name,
        JavaProcess.start(
            name,
            environment,
            folder.resolve("log.txt"),
            DrillWorker.class,
            List.of(
                queue, historyOf(name), plan.queue().word(), Double.toString(plan.meanMillis()))));
  }

  private JavaProcess startProducer() {
    String name = "producer-" + ++started;
    return JavaProcess.start(
        name,
        environment,
        folder.resolve("log.txt"),
        DrillProducer.class,
        List.of(
            queue,
            historyOf(name),
            plan.queue().word(),
            Long.toString(plan.items()),
            Double.toString(plan.fillPerSecond())));
  }

  String historyOf(String name) {
    return folder.resolve(name + History.SUFFIX).toString();
  }

  /** Replaces who has ended without being told to; true while there is something to do. */
  synchronized void tend() throws InterruptedException {
    JavaProcess filling = producer;
    if (filling != null && !filling.isAlive()) {
      if (filling.awaitExit(Duration.ZERO) == 0) {
        filled = true;
        producer = null;
      } else {
        notices.accept("the producer ended by itself; another goes on");
        producer = startProducer();
      }
    }
    for (JavaProcess worker : List.copyOf(workers.values())) {
      if (!worker.isAlive()) {
        workers.remove(worker.name());
        int code = worker.awaitExit(Duration.ZERO);
        if (code != 0) {
          notices.accept(worker.name() + " ended by itself, with " + code + "; see log.txt");
          startWorker();
        }
      }
    }
  }

  /**
   * Redis went back behind the end of the fill, of which nobody is left to tell: as people do then,
   * fill again.
   */
  synchronized void fillAgainIf(boolean anySourceIsOpen) {
    if (filled && anySourceIsOpen) {
      notices.accept("the end of the fill was undone; another producer goes on");
      filled = false;
      producer = startProducer();
    }
  }

  /** All had ended, and Redis went back to before the end: as people do then, work again. */
  synchronized void workAgain() {
    notices.accept("the end was undone; other workers go on");
    for (int i = 0; i < plan.workers(); i++) {
      startWorker();
    }
  }

  synchronized boolean isEmpty() {
    return workers.isEmpty() && producer == null;
  }

  synchronized Phase phase() {
    if (!filled) {
      return Phase.FILLING;
    }
    return left * 3 < plan.items() ? Phase.LAST_ITEMS : Phase.MIDDLE;
  }

  void progress(long itemsDone, long itemsLeft) {
    left = itemsLeft;
    done = itemsDone;
    if (itemsDone > 0) {
      begun.countDown();
    }
  }

  /** Waits until the first item is done: a fault before that shows nothing. */
  void awaitBegin(CountDownLatch over) throws InterruptedException {
    while (!begun.await(20, TimeUnit.MILLISECONDS) && over.getCount() > 0) {}
  }

  /**
   * Waits for this part of the plan's time, or until as much of the bag is done, if that is sooner:
   * so faults keep up with the bag.
   *
   * @return whether all is over
   */
  boolean awaitPause(double millis, CountDownLatch over) throws InterruptedException {
    long next = done + Math.round(plan.items() * millis / plan.time().toMillis());
    long end = System.nanoTime() + Math.round(millis * 1e6);
    long rest = end - System.nanoTime();
    while (rest > 0 && done < next) {
      if (over.await(Math.min(rest, 20_000_000), TimeUnit.NANOSECONDS)) {
        return true;
      }
      rest = end - System.nanoTime();
    }
    return over.getCount() == 0;
  }

  /** Waits until the bag is beyond this phase; of the last nothing is. */
  void awaitAfter(Phase phase, CountDownLatch over) throws InterruptedException {
    while (phase != Phase.LAST_ITEMS
        && phase().compareTo(phase) <= 0
        && !over.await(20, TimeUnit.MILLISECONDS)) {}
  }

  synchronized List<String> ableWorkers() {
    return workers.values().stream()
        .filter(w -> w.isAlive() && !w.isFrozen())
        .map(JavaProcess::name)
        .toList();
  }

  synchronized boolean producerLives() {
    return producer != null && producer.isAlive();
  }

  synchronized void killWorker(String name) {
    JavaProcess worker = workers.remove(name);
    if (worker != null) {
      worker.kill();
      startWorker();
    }
  }

  synchronized void freezeWorker(String name, Duration time) throws IOException {
    JavaProcess worker = workers.get(name);
    if (worker != null) {
      worker.freeze(time);
    }
  }

  synchronized void killProducer() {
    JavaProcess filling = producer;
    if (filling == null) {
      return;
    }
    filling.kill();
    if (hasBegunToClose(filling.name())) {
      // With its source closed the bag may be drained by now, and who fills it again begins
      // another. Should the source be open all the same, fillAgainIf sees it.
      filled = true;
      producer = null;
    } else {
      producer = startProducer();
    }
  }

  private boolean hasBegunToClose(String name) {
    try (Stream<String> lines = Files.lines(Path.of(historyOf(name)), ISO_8859_1)) {
      return lines.anyMatch(line -> line.startsWith("call\t") && line.contains("\tclose_source\t"));
    } catch (NoSuchFileException beforeItsFirstCall) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  synchronized void beginsFault(String newKind) {
    kind = newKind;
  }

  synchronized void injected(String victim) {
    injected.add(new InjectedFault(kind, phase(), victim, System.nanoTime()));
  }

  synchronized void recovers(String what) {
    recoveries.computeIfAbsent(what, w -> new ArrayList<>()).add(System.nanoTime());
  }

  synchronized List<InjectedFault> injected() {
    return List.copyOf(injected);
  }

  /** From that long ago on, until what it gives is run, what was answered may be undone. */
  synchronized Runnable mayUndo(Duration ago) {
    int place = undone.size();
    long from = System.nanoTime() - ago.toNanos();
    undone.add(new Moment(from, Long.MAX_VALUE));
    return () -> {
      synchronized (this) {
        undone.set(place, new Moment(from, System.nanoTime()));
      }
    };
  }

  synchronized List<Moment> mayBeUndone() {
    return List.copyOf(undone);
  }

  /** When what was made good, by name. */
  synchronized Map<String, List<Long>> recoveries() {
    return new LinkedHashMap<>(recoveries);
  }

  /** Kills whoever is left. */
  synchronized void end() {
    workers.values().forEach(JavaProcess::kill);
    workers.clear();
    if (producer != null) {
      producer.kill();
      producer = null;
    }
  }
}
