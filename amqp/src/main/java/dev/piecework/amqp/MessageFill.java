package dev.piecework.amqp;

import com.rabbitmq.client.ShutdownSignalException;
import dev.piecework.FillOptions;
import dev.piecework.FillRefusedException;
import dev.piecework.FillReport;
import dev.piecework.Item;
import dev.piecework.Producer;
import dev.piecework.WorkQueue;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes an item of each message of a queue of RabbitMQ. A message is acknowledged when its item is
 * durable, so a death on either side loses none. What is delivered again because the death came
 * between the two is known by its id and not added again: by its {@code message-id}, of which the
 * run takes each once, or by what is kept of the batch that was in doubt ({@link InDoubt}).
 *
 * <p>Without ids that is not certain where others take messages from the same queue, where it has
 * priorities (the broker then need not deliver what was in doubt first), and when the broker itself
 * is killed: it may give once more what it had confirmed as acknowledged.
 *
 * <p>While it is under way two producers are there: one that is alive as long as this is, and one
 * for the batches, which is held between them.
 */
public final class MessageFill {

  private static final int FIRST_BATCH = 100;
  private static final int MOST_MESSAGES = 1_000;
  private static final int MOST_IN_DOUBT = 8 * MOST_MESSAGES;
  private static final int BATCH_BYTES = 8 << 20;
  private static final Duration FIRST_MESSAGE = Duration.ofMillis(200);
  private static final Duration LOOK = Duration.ofMinutes(1);
  private static final Duration NOTHING_COMES = Duration.ofSeconds(10);
  private static final long PAUSE_MILLIS = 200;

  private final WorkQueue queue;
  private final BrokerUri from;
  private final Wishes wishes;
  private final Consumer<String> says;
  private final Duration givenBack;
  private final String source;
  private InDoubt doubt = InDoubt.NONE;
  private long added;
  private long skipped;
  private String durability = "";
  private int most = FIRST_BATCH;

  /**
   * How it is filled.
   *
   * @param follow goes on when the queue is empty, until it is stopped
   * @param patience how long the broker may be away, once it was there
   * @param item what is made of each item, as another priority
   * @param room whether the queue is to get more for now; asked before each batch
   * @param syncToDisk a quicker way to make Redis's writes durable, or null
   */
  public record Wishes(
      boolean follow,
      Duration patience,
      UnaryOperator<Item> item,
      BooleanSupplier room,
      @Nullable Runnable syncToDisk) {}

  /**
   * @param says hears what is worth a line
   */
  public MessageFill(WorkQueue queue, BrokerUri from, Wishes wishes, Consumer<String> says) {
    this(queue, from, wishes, says, Broker.GIVEN_BACK);
  }

  /**
   * @param givenBack after how long the broker has given back what somebody had who is gone
   */
  MessageFill(
      WorkQueue queue, BrokerUri from, Wishes wishes, Consumer<String> says, Duration givenBack) {
    this.queue = queue;
    this.from = from;
    this.wishes = wishes;
    this.says = says;
    this.givenBack = givenBack;
    this.source = from.source();
  }

  /**
   * Fills until the queue of RabbitMQ is empty, or until it is stopped. One that was stopped before
   * the end leaves its source open, unless it follows: what is left there is still to come.
   *
   * @throws BrokerException when RabbitMQ refuses, is not there, or stays away
   */
  public FillReport run(BooleanSupplier stopped) throws InterruptedException {
    Broker broker = connect(); // a name that is wrong leaves no run behind
    try (Producer alive = produceAlive(broker)) {
      doubt = InDoubt.read(queue.admin(), source);
      boolean ended = drain(broker, stopped);
      if (ended || wishes.follow()) {
        boolean _ = queue.admin().closeSource(batches());
        FillReport last = alive.finish(wishes.syncToDisk());
        durability = durability.isEmpty() ? last.durability() : durability;
      }
    }
    return new FillReport(source, added, 0, skipped, durability);
  }

  private Broker connect() {
    try {
      return Broker.connect(from);
    } catch (IOException | TimeoutException | ShutdownSignalException failed) {
      throw Trouble.of(from, failed);
    }
  }

  private Producer produceAlive(Broker broker) {
    try {
      return queue.produce(FillOptions.as(source));
    } catch (RuntimeException | Error failed) {
      broker.close();
      throw failed;
    }
  }

  /** Whether it was read to its end. */
  private boolean drain(Broker first, BooleanSupplier stopped) throws InterruptedException {
    Broker broker = first;
    long heard = System.nanoTime();
    boolean away = false;
    try {
      while (!stopped.getAsBoolean()) {
        try {
          if (away) {
            broker = Broker.connect(from);
            away = false;
            says.accept("RabbitMQ at " + from.place() + " is back");
          }
          // What is in doubt may be there already.
          boolean room = doubt.isSomething() || wishes.room().getAsBoolean();
          List<Message> batch = room ? take(broker, stopped) : List.of();
          if (!room) {
            broker.checkConnection();
            heard = System.nanoTime();
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
          } else if (!batch.isEmpty()) {
            fill(batch);
            broker.acknowledge(batch);
            settle();
            heard = System.nanoTime();
          } else if (!wishes.follow()) {
            long waiting = broker.waiting();
            if (waiting == 0) {
              return true;
            }
            checkThatSomethingComes(heard, waiting);
          } else {
            heard = System.nanoTime();
          }
        } catch (IOException | TimeoutException | ShutdownSignalException failed) {
          broker.close();
          BrokerException why = Trouble.of(from, failed);
          if (!away) {
            heard = System.nanoTime();
            says.accept(why.getMessage() + "; trying for " + wishes.patience().toSeconds() + " s");
          }
          away = true;
          // One that has just come back may say for a while that the queue is not there.
          if (System.nanoTime() - heard > wishes.patience().toNanos()) {
            throw why;
          }
          TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
      }
      return false;
    } finally {
      broker.close();
    }
  }

  /**
   * The next batch; empty if nothing came, or if it was stopped before it was sure what this is.
   */
  private List<Message> take(Broker broker, BooleanSupplier stopped)
      throws IOException, InterruptedException {
    if (!doubt.isSomething()) {
      return broker.take(most, wishes.follow() ? LOOK : FIRST_MESSAGE, stopped);
    }
    // What is taken beside it is delivered again too, if this dies now: the next has to look for
    // as many.
    doubt = doubt.with(doubt.nonce(), Math.min(2 * doubt.size(), MOST_IN_DOUBT));
    doubt.keep(queue.admin(), source);
    List<Message> batch = broker.takeAgain(doubt.size(), givenBack, stopped);
    if (batch.stream().anyMatch(Message::redelivered)) {
      return batch;
    }
    if (stopped.getAsBoolean()) {
      return List.of();
    }
    // It was acknowledged, though we did not hear it.
    settle();
    return batch;
  }

  private void settle() {
    doubt = doubt.settled();
    doubt.keep(queue.admin(), source);
  }

  private void checkThatSomethingComes(long heard, long waiting) {
    if (System.nanoTime() - heard > NOTHING_COMES.toNanos()) {
      String text =
          "RabbitMQ at %s: %d messages wait in '%s' and none comes; another consumer may have it alone"
              .formatted(from.place(), waiting, from.queue());
      throw new BrokerException(false, text, new IOException("nothing is delivered"));
    }
  }

  private void fill(List<Message> batch) {
    if (!doubt.isSomething()) {
      doubt = doubt.with(nonce(), batch.size());
      doubt.keep(queue.admin(), source);
    }
    MessageIds ids = new MessageIds(doubt.nonce());
    // Of equal ones those first that may be there already.
    List<Message> ordered =
        batch.stream().sorted(Comparator.comparing(message -> !message.redelivered())).toList();
    try (Producer producer = produceBatch()) {
      for (Message message : ordered) {
        Item item = Item.of(message.body()).withId(ids.of(message));
        producer.add(wishes.item().apply(item));
      }
      FillReport report = producer.finish(wishes.syncToDisk());
      durability = report.durability();
      added += report.added();
      skipped += report.skipped();
    } catch (FillRefusedException refused) {
      throw new FillRefusedException(
          "a message of RabbitMQ's queue '%s', which stays there: %s"
              .formatted(from.queue(), refused.getMessage()));
    }
    long bytes = batch.stream().mapToLong(message -> message.body().length).sum();
    most = Math.clamp(BATCH_BYTES / Math.max(1, bytes / batch.size()), 1, MOST_MESSAGES);
  }

  private static String nonce() {
    byte[] random = new byte[8];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  private Producer produceBatch() {
    Producer producer = queue.produce(new FillOptions(batches(), false, true, true));
    if (producer.resumedAt() == 0) {
      return producer;
    }
    // It broke off. What it had added is known by its ids.
    producer.close();
    boolean _ = queue.admin().closeSource(batches());
    doubt = doubt.nextGeneration();
    doubt.keep(queue.admin(), source);
    return queue.produce(new FillOptions(batches(), false, true, true));
  }

  private String batches() {
    return source + "~" + doubt.generation();
  }
}
