package dev.piecework.bag;

import dev.piecework.FillOptions;
import dev.piecework.FillReport;
import dev.piecework.Item;
import dev.piecework.Keep;
import dev.piecework.Producer;
import dev.piecework.QueueConfig;
import dev.piecework.WorkQueue;
import dev.piecework.worker.Handler;
import dev.piecework.worker.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A queue of objects. Safe for use by several threads.
 *
 * <pre>{@code
 * try (TypedQueue<Image, Thumbnail> images =
 *     TypedQueue.open("redis://localhost", "images", JsonCodec.of(Image.class), JsonCodec.of(Thumbnail.class))) {
 *   images.fill(paths.map(Image::at));
 *   Bag.run(images, 8, (image, attempt) -> image.shrunk());
 *   images.results().forEach(result -> show(result.item(), result.result()));
 * }
 * }</pre>
 *
 * @param <T> items
 * @param <R> results
 */
public final class TypedQueue<T, R> implements AutoCloseable {

  private final WorkQueue queue;
  private final Codec<T> items;
  private final Codec<R> results;
  private @Nullable Submissions submissions;

  private TypedQueue(WorkQueue queue, Codec<T> items, Codec<R> results) {
    this.queue = queue;
    this.items = items;
    this.results = results;
  }

  /**
   * A queue that is open; it is closed with this. It is to keep results ({@link Keep#RESULTS}),
   * unless nobody asks for any.
   */
  public static <T, R> TypedQueue<T, R> of(WorkQueue queue, Codec<T> items, Codec<R> results) {
    return new TypedQueue<>(queue, items, results);
  }

  /** Opens one that keeps results, if it is new. */
  public static <T, R> TypedQueue<T, R> open(
      String uri, String name, Codec<T> items, Codec<R> results) {
    QueueConfig config = QueueConfig.of(uri, name);
    return of(
        WorkQueue.open(config.withSettings(config.settings().withKeep(Keep.RESULTS))),
        items,
        results);
  }

  /** The queue below. */
  public WorkQueue queue() {
    return queue;
  }

  /** Fills and waits until it is durable. */
  public FillReport fill(Stream<T> objects) {
    return fill(FillOptions.ANONYMOUS, objects);
  }

  /** Likewise; with a source a fill that broke off goes on where it stopped. */
  public FillReport fill(FillOptions options, Stream<T> objects) {
    try (Producer producer = queue.produce(options)) {
      objects.map(items::encode).map(Item::of).forEach(producer::add);
      return producer.finish();
    }
  }

  /**
   * Puts one item in. As long as this is open it is a producer, so that the queue is not drained:
   * {@link #finishSubmitting} says that no more will come.
   *
   * <p>The future completes with the result when some worker, anywhere, has committed it. It fails
   *
   * <ul>
   *   <li>with {@link ItemDeadException} when the item is dead, with the reason. Whoever requeues
   *       the item gets its result from {@link #results};
   *   <li>with {@link ItemGoneException} when a person has dropped the item; that is noticed when
   *       fewer items are left than are waited for, at the latest when the queue is empty;
   *   <li>with {@link dev.piecework.RedisUnreachableException} when Redis is away for longer than
   *       the queue's time-out, and {@link dev.piecework.RunLostException} when it has lost its
   *       data or the queue was purged. In the first case the item may still be in the queue.
   * </ul>
   *
   * <p>When this process dies the future dies with it, and not the item: it is worked on all the
   * same, and its result stays for {@link #results}. To cancel the future drops the item, and
   * whoever works on it is told ({@link dev.piecework.worker.Attempt#isCancelled}).
   *
   * <p>An item is sent within some milliseconds, together with others that come meanwhile.
   *
   * @throws IllegalStateException when the queue keeps no results, or after {@link
   *     #finishSubmitting}
   */
  public CompletableFuture<R> submit(T item) {
    return submissions().submit(items.encode(item), results::decode);
  }

  private synchronized Submissions submissions() {
    Submissions known = submissions;
    if (known == null) {
      known = new Submissions(queue);
      submissions = known;
    }
    return known;
  }

  /** No more is submitted: the queue is drained when what is there is done. */
  public synchronized void finishSubmitting() {
    if (submissions != null) {
      submissions.finish();
    }
  }

  /**
   * The results in the order of their commits, as they come; it ends when the run is drained, or
   * incomplete, and waits until then. It holds one page of results at a time. To be closed if it is
   * left before its end. The dead have no result: {@code queue().admin().items(ItemState.DEAD)}.
   *
   * @throws dev.piecework.RunLostException from the stream, when the run was lost
   */
  public Stream<TypedResult<T, R>> results() {
    return ResultPages.stream(queue)
        .map(result ->
            new TypedResult<>(
                items.decode(result.payload()), results.decode(result.result()), result));
  }

  /** What a worker is given to do such items. One that cannot be decoded is dead at once. */
  public Handler handler(TypedHandler<T, R> handler) {
    return attempt -> {
      T item;
      try {
        item = items.decode(attempt.payload());
      } catch (RuntimeException noneOfOurs) {
        return Outcome.bury("the payload cannot be decoded: " + noneOfOurs);
      }
      try {
        return Outcome.done(results.encode(handler.handle(item, attempt)));
      } catch (BuryItemException bury) {
        return Outcome.bury(String.valueOf(bury.getMessage()));
      } catch (RetryItemException retry) {
        return Outcome.retry(String.valueOf(retry.getMessage()), retry.after());
      }
    };
  }

  /** Closes the queue; futures that are still waited for are given up, their items are not. */
  @Override
  public void close() {
    synchronized (this) {
      if (submissions != null) {
        submissions.close();
      }
    }
    queue.close();
  }
}
