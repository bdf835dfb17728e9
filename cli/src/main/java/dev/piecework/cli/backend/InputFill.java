package dev.piecework.cli.backend;

import dev.piecework.FillRefusedException;
import dev.piecework.FillReport;
import dev.piecework.Item;
import dev.piecework.Producer;
import dev.piecework.WorkQueue;
import dev.piecework.cli.input.Input;
import dev.piecework.cli.input.InputNotices;
import dev.piecework.cli.input.RecordFormat;
import dev.piecework.cli.input.RecordReader;
import dev.piecework.cli.verb.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads an input into a queue while others watch. */
final class InputFill {

  private final WorkQueue queue;
  private final Producer producer;
  private final RecordFormat format;
  private final Input from;
  private final InputNotices notices;
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile @Nullable FillReport report;
  private volatile @Nullable Throwable failure;

  private InputFill(
      WorkQueue queue, Producer producer, RecordFormat format, Input from, InputNotices notices) {
    this.queue = queue;
    this.producer = producer;
    this.format = format;
    this.from = from;
    this.notices = notices;
  }

  static InputFill start(
      WorkQueue queue, Producer producer, RecordFormat format, Input from, InputNotices notices) {
    InputFill fill = new InputFill(queue, producer, format, from, notices);
    Thread.ofPlatform().daemon().name("fill").start(fill::fill);
    return fill;
  }

  private void fill() {
    try (InputStream in = from.open();
        Producer _ = producer) {
      RecordReader reader = format.reader(in, from, queue, notices);
      for (Item item = reader.next(); item != null; item = reader.next()) {
        producer.add(item);
      }
      report = producer.finish();
      notices.sayAtTheEnd();
    } catch (FillRefusedException refused) {
      failure = format.explained(refused, notices);
    } catch (Throwable thrown) {
      failure = thrown;
    } finally {
      over.countDown();
    }
  }

  /** Waits until it is over, or the time is. */
  boolean await(Duration atMost) throws InterruptedException {
    return over.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What was filled; null while it is not over. */
  @Nullable FillReport report() {
    return report;
  }

  /** Throws what made it break off. */
  void check() throws Exception {
    Throwable thrown = failure;
    switch (thrown) {
      case null -> {}
      case IOException unreadable ->
          throw Refusal.usage("--from: " + unreadable.getMessage(), unreadable);
      case Exception exception -> throw exception;
      case Error error -> throw error;
      default -> throw new IllegalStateException(thrown);
    }
  }
}
