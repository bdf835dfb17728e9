package dev.piecework.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection to RabbitMQ that takes messages in batches. Between two batches nothing is
 * delivered: so at any time what is not acknowledged is one batch, and no more.
 */
final class Broker implements AutoCloseable {

  /** A batch that has some ends when nothing came for so long. */
  private static final Duration IDLE = Duration.ofMillis(50);

  /** And at the latest so long after its first, for whoever waits for its items. */
  private static final Duration LONGEST = Duration.ofSeconds(1);

  private static final int HEARTBEAT_SECONDS = 10;

  /**
   * A broker gives back what a client had that is gone: at once when the system has closed its
   * connection, and after two heartbeats and some when the machine is gone too.
   */
  static final Duration GIVEN_BACK = Duration.ofSeconds(3 * HEARTBEAT_SECONDS);

  /** Those that are given back come one after the other. */
  private static final Duration IDLE_AGAIN = Duration.ofSeconds(1);

  private static final long LOOK_MILLIS = 100;

  private final String queue;
  private final Connection connection;
  private final Channel channel;

  private Broker(String queue, Connection connection, Channel channel) {
    this.queue = queue;
    this.connection = connection;
    this.channel = channel;
  }

  /**
   * Connects, and looks whether the queue is there.
   *
   * @throws IOException when it is not there, or nobody answers
   */
  static Broker connect(BrokerUri to) throws IOException, TimeoutException {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost(to.place().host());
    factory.setPort(to.place().port());
    factory.setVirtualHost(to.virtualHost());
    factory.setUsername(to.login().user());
    factory.setPassword(to.password());
    factory.setAutomaticRecoveryEnabled(false); // what was not acknowledged has to be looked at
    // One that is just starting may leave a question unanswered.
    factory.setChannelRpcTimeout(Math.toIntExact(Duration.ofSeconds(20).toMillis()));
    factory.setRequestedHeartbeat(HEARTBEAT_SECONDS);
    factory.setConnectionTimeout(Math.toIntExact(Duration.ofSeconds(10).toMillis()));
    if (to.place().tls()) {
      factory.useSslProtocol(Authorities.trusted(to.authorities()));
      factory.enableHostnameVerification();
    }
    Connection connection = factory.newConnection("piecework fill");
    try {
      Channel channel = connection.createChannel();
      channel.queueDeclarePassive(to.queue());
      channel.txSelect();
      return new Broker(to.queue(), connection, channel);
    } catch (IOException | RuntimeException failed) {
      connection.abort();
      throw failed;
    }
  }

  /** Messages that wait there for whoever takes them. */
  long waiting() throws IOException {
    return channel.messageCount(queue);
  }

  /**
   * Takes what comes.
   *
   * @param most how many at most
   * @param first how long to wait for the first
   * @param stopped asked now and then; ends the wait for the first
   */
  List<Message> take(int most, Duration first, BooleanSupplier stopped)
      throws IOException, InterruptedException {
    return take(
        most,
        collector -> {
          Message message = collector.first(first, stopped);
          long end = System.nanoTime() + LONGEST.toNanos();
          while (message != null) {
            collector.taken.add(message);
            long left = Math.min(IDLE.toNanos(), end - System.nanoTime());
            message = collector.taken.size() < most ? collector.next(left) : null;
          }
        });
  }

  /**
   * Takes what is delivered again because whoever had it is gone, and what comes before it. That
   * may take until the broker has noticed; it ends when nothing has come for a while.
   *
   * @param most how many at most
   * @param longest how long to wait for the first that is delivered again
   * @return with none that is delivered again, if there is none; nothing if it was stopped
   */
  List<Message> takeAgain(int most, Duration longest, BooleanSupplier stopped)
      throws IOException, InterruptedException {
    return take(
        most,
        collector -> {
          long end = System.nanoTime() + longest.toNanos();
          boolean again = false;
          while (!stopped.getAsBoolean() && collector.taken.size() < most) {
            long left = again ? IDLE_AGAIN.toNanos() : end - System.nanoTime();
            Message message = left > 0 ? collector.first(Duration.ofNanos(left), stopped) : null;
            if (message == null) {
              break;
            }
            collector.taken.add(message);
            again |= message.redelivered();
          }
        });
  }

  private interface Collecting {
    void collect(Collector collector) throws InterruptedException;
  }

  private List<Message> take(int most, Collecting how) throws IOException, InterruptedException {
    Collector collector = new Collector(channel);
    channel.basicQos(most);
    String consumer = channel.basicConsume(queue, false, collector);
    how.collect(collector);
    if (!collector.isOver()) {
      channel.basicCancel(consumer);
      collector.awaitOver();
    }
    collector.delivered.drainTo(collector.taken);
    collector.check();
    return collector.taken;
  }

  /** For who does not ask it anything for a while. */
  void checkConnection() throws IOException {
    if (!channel.isOpen()) {
      throw new IOException("the connection was closed");
    }
  }

  /** Acknowledges all that was taken, and returns when the broker has confirmed it. */
  void acknowledge(List<Message> batch) throws IOException {
    channel.basicAck(batch.getLast().tag(), true);
    channel.txCommit();
  }

  @Override
  public void close() {
    connection.abort(1_000);
  }

  private static final class Collector extends DefaultConsumer {
    final BlockingQueue<Message> delivered = new LinkedBlockingQueue<>();
    final List<Message> taken = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile String why = "";

    Collector(Channel channel) {
      super(channel);
    }

    @Override
    public void handleDelivery(
        String consumer, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
      delivered.add(
          new Message(
              envelope.getDeliveryTag(), envelope.isRedeliver(), properties.getMessageId(), body));
    }

    @Override
    public void handleCancelOk(String consumer) {
      over.countDown();
    }

    /** The queue was deleted, or its node went away. */
    @Override
    public void handleCancel(String consumer) {
      why = "the queue was deleted, or the node that has it went away";
      over.countDown();
    }

    @Override
    public void handleShutdownSignal(String consumer, ShutdownSignalException signal) {
      why = String.valueOf(signal.getMessage());
      over.countDown();
    }

    @Nullable Message first(Duration longest, BooleanSupplier stopped) throws InterruptedException {
      long end = System.nanoTime() + longest.toNanos();
      Message first = null;
      while (first == null && !isOver() && !stopped.getAsBoolean() && System.nanoTime() < end) {
        long left = Math.min(end - System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
        first = delivered.poll(left, TimeUnit.NANOSECONDS);
      }
      return first;
    }

    @Nullable Message next(long nanos) throws InterruptedException {
      return isOver() ? null : delivered.poll(nanos, TimeUnit.NANOSECONDS);
    }

    boolean isOver() {
      return over.getCount() == 0;
    }

    void awaitOver() throws InterruptedException, IOException {
      if (!over.await(1, TimeUnit.MINUTES)) {
        throw new IOException("the broker does not confirm that it delivers no more");
      }
    }

    void check() throws IOException {
      if (!why.isEmpty()) {
        throw new IOException(why);
      }
    }
  }
}
