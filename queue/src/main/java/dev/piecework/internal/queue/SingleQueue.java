package dev.piecework.internal.queue;

import dev.piecework.FillOptions;
import dev.piecework.Lease;
import dev.piecework.Producer;
import dev.piecework.QueueSettings;
import dev.piecework.QueueState;
import dev.piecework.Result;
import dev.piecework.Session;
import dev.piecework.SessionInfo;
import dev.piecework.SessionOptions;
import dev.piecework.WorkQueue;
import dev.piecework.internal.client.Partition;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.client.WakeUpListener;
import dev.piecework.internal.fill.SingleProducer;
import dev.piecework.internal.session.OwnSession;
import dev.piecework.internal.session.SingleSession;
import dev.piecework.internal.state.Reclaimer;
import dev.piecework.internal.state.ResultsReader;
import dev.piecework.internal.state.StateReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A queue whose keys lie in one hash slot: one without partitions, or one partition of another. */
public final class SingleQueue implements WorkQueue {

  private final QueueClient client;
  private final Partition partition;
  private final StateReader reader;
  private final Reclaimer reclaimer;
  private final OwnSession own = new OwnSession(this::ownSession);

  public SingleQueue(QueueClient client) {
    this.client = client;
    this.partition = client.partition();
    this.reader = new StateReader(client);
    this.reclaimer = new Reclaimer(client);
  }

  @Override
  public String name() {
    return client.config().name();
  }

  @Override
  public QueueSettings settings() {
    return client.record().settings();
  }

  @Override
  public Optional<String> run() {
    return client.run().isEmpty()
        ? Optional.of(reader.read().run()).filter(r -> !r.isEmpty())
        : Optional.of(client.run());
  }

  @Override
  public WorkQueue with(SessionOptions options) {
    return new SingleQueue(client.with(options, false));
  }

  @Override
  public Producer produce(FillOptions options) {
    return new SingleProducer(client, options);
  }

  @Override
  public Producer produceMore(FillOptions options) {
    requireSource(options);
    run(); // whose results no longer expire
    return new SingleProducer(client, options, QueueClient.newId(8), false);
  }

  /** Refuses to fill more from a source that nobody has named. */
  public static void requireSource(FillOptions options) {
    if (options.source() == null) {
      throw new IllegalArgumentException("source: its name is needed to know what it gave before");
    }
  }

  @Override
  public Session session(SessionInfo info, SessionOptions options) {
    return new SingleSession(client.with(options, false), info);
  }

  private Session ownSession(SessionInfo info) {
    return new SingleSession(client, info);
  }

  @Override
  public List<Lease> lease(int max, Duration wait) {
    return own.lease(max, wait);
  }

  @Override
  public QueueState state() {
    client.retry().call(reclaimer::reapExpired);
    return reader.read().state();
  }

  @Override
  public QueueState awaitEnd(Duration atMost) throws InterruptedException {
    return WakeUpListener.awaitEnd(client, this::state, atMost);
  }

  @Override
  public Stream<Result> results() {
    run();
    return new ResultsReader(client).all().map(partition::shown);
  }

  @Override
  public SingleQueueAdmin admin() {
    return new SingleQueueAdmin(this, client, reader, reclaimer);
  }

  @Override
  public void close() {
    own.close();
    client.close();
  }
}
