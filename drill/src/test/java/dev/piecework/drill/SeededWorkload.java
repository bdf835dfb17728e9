package dev.piecework.drill;

import dev.piecework.FillOptions;
import dev.piecework.Item;
import dev.piecework.Keep;
import dev.piecework.Lease;
import dev.piecework.LeaseBatch;
import dev.piecework.Producer;
import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.QueueState;
import dev.piecework.QueueStatus;
import dev.piecework.Session;
import dev.piecework.SessionInfo;
import dev.piecework.Settlement;
import dev.piecework.WorkQueue;
import dev.piecework.drill.history.History;
import dev.piecework.drill.history.HistoryFile;
import dev.piecework.internal.session.LeaseElsewhere;
import dev.piecework.internal.session.SingleSession;
import dev.piecework.testkit.OutageProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Some hundred steps of a few clients, one after the other, by a seed: fills, leases, all kinds of
 * ends, lost replies, and workers that die and are heard of again. Ends when the queue is drained
 * or nothing more can be done.
 */
public final class SeededWorkload {

  private static final int STEPS = 200;
  private static final int COPIES = 12;
  private static final QueueSettings SETTINGS =
      QueueSettings.DEFAULTS
          .withAttempts(4)
          .withLosses(4)
          .withBackoff(Duration.ofMillis(1), Duration.ofMillis(2))
          .withKeep(Keep.RESULTS);

  private final QueueConfig config;
  private final Path folder;
  private final int rounds;
  private final Random random;
  private final OutageProxy network;
  private final List<Hand> hands = new ArrayList<>();
  private final WorkQueue watcher;
  private int clients;
  private int records;

  private SeededWorkload(String host, int port, Path folder, long seed, boolean copies) {
    this.network = OutageProxy.to(host, port);
    this.config =
        QueueConfig.of(network.uri(), "planted")
            .withSettings(SETTINGS.withBackup(copies))
            .withRedisTimeout(Duration.ofSeconds(5));
    this.folder = folder;
    this.rounds = copies ? COPIES : 0;
    this.random = new Random(seed);
    this.watcher = WorkQueue.open(config, history("watcher"));
  }

  /**
   * Called in a class loader of its own: so nothing but JDK types.
   *
   * @param copies whether backup attempts are made, in rounds of their own
   */
  public static void run(int port, Path folder, long seed, boolean copies) throws Exception {
    SeededWorkload workload = new SeededWorkload("127.0.0.1", port, folder, seed, copies);
    try {
      workload.run();
    } finally {
      workload.close();
    }
  }

  private HistoryFile history(String who) {
    return HistoryFile.create(folder.resolve(who + "-" + ++clients + History.SUFFIX));
  }

  private void run() throws Exception {
    for (int i = 0; i < 3; i++) {
      hands.add(new Hand());
    }
    try (WorkQueue filling = WorkQueue.open(config, history("producer"));
        Producer producer = filling.produce(FillOptions.as("input"))) {
      fill(producer, 20);
      for (int step = 0; step < STEPS; step++) {
        if (step < STEPS / 2 && random.nextInt(6) == 0) {
          fill(producer, 1 + random.nextInt(8));
        }
        anything();
      }
      fill(producer, 25);
      for (int round = 0; round < rounds; round++) {
        copies(producer);
      }
      producer.finish();
    }
    for (int step = 0; step < 8; step++) {
      anything();
    }
    for (Hand hand : hands) {
      hand.endAll();
    }
    for (int step = 0; step < STEPS && !watcher.isDrained(); step++) {
      hands.getFirst().finishSome();
    }
    watcher.isDrained();
    var _ = watcher.results().count();
  }

  private void fill(Producer producer, int items) {
    for (int i = 0; i < items; i++) {
      records++;
      producer.add(Item.of(records % 20 == 0 ? "twin" : "record " + records));
    }
    if (random.nextInt(4) == 0) {
      network.cutInReply(1);
    }
    producer.flush();
    network.pass();
  }

  private void anything() throws Exception {
    Hand hand = hands.get(random.nextInt(hands.size()));
    switch (random.nextInt(12)) {
      case 0 -> watcher.state();
      case 1 -> {
        hand.die();
        watcher.admin().reapGoneProcesses();
        if (random.nextBoolean()) {
          hand.endSome(); // it was not dead, only away
        }
        hand.close();
        hands.set(hands.indexOf(hand), new Hand());
      }
      case 2 -> {
        network.cutInReply(random.nextInt(2) + 1);
        hand.endSome();
        network.pass();
      }
      default -> hand.endSome();
    }
  }

  /** All that is there is leased, some of it twice; then everything may end. */
  private void copies(Producer producer) throws Exception {
    for (int look = 0; look < STEPS && mayLease(); look++) {
      hands.get(look % hands.size()).finishSome();
    }
    fill(producer, 4);
    for (int look = 0; look < 4; look++) {
      hands.get(look % hands.size()).step(List.of(), 2);
    }
    for (Hand holder : List.copyOf(hands)) {
      for (Lease lease : List.copyOf(holder.held)) {
        Hand other = hands.get(random.nextInt(hands.size()));
        if (other != holder) {
          other.copy(lease);
        }
      }
    }
    for (int step = 0; step < 5; step++) {
      anything();
    }
  }

  private boolean mayLease() {
    QueueStatus.Counts counts = watcher.admin().status().counts();
    return counts.waiting() + counts.delayed() > 0;
  }

  private void close() throws IOException {
    hands.forEach(Hand::close);
    watcher.close();
    network.close();
  }

  /** A session with a process that stands for it: it can die, and go on all the same. */
  private final class Hand implements AutoCloseable {
    private final Process body;
    private final WorkQueue queue;
    private final Session session;
    private final List<Lease> held = new ArrayList<>();

    Hand() throws IOException {
      body = new ProcessBuilder("sleep", "600").start();
      SessionInfo self = SessionInfo.local("hand", 1);
      Instant started = body.info().startInstant().orElseThrow();
      queue = WorkQueue.open(config, history("hand"));
      session = queue.session(new SessionInfo("hand", 1, self.host(), body.pid(), started));
    }

    void die() throws InterruptedException {
      body.destroyForcibly().waitFor();
    }

    void endSome() {
      List<Settlement> ends = new ArrayList<>();
      for (Lease lease : List.copyOf(held)) {
        Settlement end = anyEnd(lease);
        if (end != null) {
          held.remove(lease);
          ends.add(end);
        }
      }
      step(ends, random.nextInt(5));
    }

    /** Gives back or ends what is left. */
    void endAll() {
      List<Settlement> ends = new ArrayList<>();
      held.forEach(lease -> ends.add(Settlement.complete(lease, bytes("done"))));
      held.clear();
      step(ends, 0);
    }

    void finishSome() throws InterruptedException {
      endAll();
      watcher.state();
      step(List.of(), 10);
      if (held.isEmpty()) {
        session.awaitChange(Duration.ofMillis(2));
      }
    }

    void copy(Lease lease) {
      LeaseElsewhere item =
          new LeaseElsewhere(
              lease.session().id(), "", lease.id(), lease.token(), Duration.ofSeconds(1));
      if (random.nextInt(6) == 0) {
        network.cutInReply(1);
      }
      ((SingleSession) session).backUp(item, 100).ifPresent(held::add);
      network.pass();
    }

    private void step(List<Settlement> ends, int want) {
      LeaseBatch batch = session.step(ends, want);
      held.addAll(batch.leases());
      if (batch.state() instanceof QueueState.Lost lost) {
        throw new IllegalStateException("lost: " + lost.why());
      }
    }

    private @Nullable Settlement anyEnd(Lease lease) {
      return switch (random.nextInt(10)) {
        case 0, 1, 2 -> null;
        case 3 -> new Settlement.Retry(lease, "failed", Optional.empty());
        case 4 -> new Settlement.Release(lease);
        case 5 -> new Settlement.NotYet(lease, "not ready");
        case 6 -> random.nextInt(4) == 0 ? new Settlement.Bury(lease, "hopeless") : null;
        default -> Settlement.complete(lease, bytes("result of " + lease.text()));
      };
    }

    @Override
    public void close() {
      body.destroyForcibly();
      session.close(); // it was reaped, or holds nothing any more
      queue.close();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
