package dev.piecework;

import dev.piecework.SentChunks.Chunk;
import dev.piecework.redis.RedisFailure;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An open producer: while it is open the queue is not drained. It is heard by a heartbeat of its
 * own; one that goes silent has the queue's producer grace to come back, then the run is
 * incomplete.
 *
 * <p>Not for use by several threads at once.
 */
public final class Producer implements AutoCloseable {

  private static final int CHUNK_RECORDS = 1_000;
  private static final long CHUNK_BYTES = 1 << 20;

  private final Source source;
  private final ChunkSender sender;
  private final FillOptions options;
  private final int payloadMax;
  private final InputDigest digest = new InputDigest();
  private final Heartbeat heartbeat;
  private final Heartbeat flusher;

  private List<Item> pending = new ArrayList<>();
  private ByteArrayOutputStream prints = new ByteArrayOutputStream();
  private long pendingBytes;
  private long count;
  private @Nullable PieceworkException broken;
  private boolean refused;
  private boolean ended;

  Producer(Contact contact, FillOptions options) {
    QueueSettings settings = contact.createAgain();
    this.options = options;
    this.payloadMax = settings.payloadMax();
    this.source = new Source(contact, options);
    this.sender = new ChunkSender(source);
    this.heartbeat =
        new Heartbeat("producer", settings.heartbeatInterval(), source::beat, Heartbeat.NOTHING);
    this.flusher =
        new Heartbeat(
            "flush", java.time.Duration.ofMillis(100), this::flushSoon, Heartbeat.NOTHING);
  }

  /** The producer's name. */
  public String source() {
    return source.name();
  }

  /** Records that an earlier fill of this source had added already; they are to be added again. */
  public long resumedAt() {
    return source.resumedAt();
  }

  /**
   * Adds one record. Records are sent in chunks: when one is full, when {@link #flush} is called,
   * and at the latest some 100 ms after the first of the chunk. Of a source that broke off the
   * first {@link #resumedAt} are compared with what was given then and not added again.
   *
   * <p>A chunk travels while the next is put together, so what Redis says of it is thrown by a
   * later call, of {@link #finish} at the latest.
   *
   * @throws FillRefusedException when the input differs from what was given then (it says at which
   *     record), when the payload is too large, or the id is taken; chunks before stay added
   */
  public synchronized void add(Item item) {
    failIfBroken();
    try {
      take(item);
      refused = false;
    } catch (FillRefusedException | RedisRefusesException why) {
      refused = true;
      throw why;
    }
  }

  private void take(Item item) {
    if (item.payload().length > payloadMax) {
      throw new FillRefusedException(
          "record "
              + (count + 1)
              + " has "
              + item.payload().length
              + " bytes, the queue takes payloads up to "
              + payloadMax
              + " (payload-max)");
    }
    byte print = digest.add(item);
    count++;
    if (count <= source.resumedAt()) {
      source.compare(count, print, digest);
      return;
    }
    pending.add(item);
    prints.write(print);
    pendingBytes += item.payload().length;
    if (pending.size() >= CHUNK_RECORDS || pendingBytes >= CHUNK_BYTES) {
      send();
    }
  }

  /** Sends what was added so far, and returns when Redis has it. */
  public synchronized void flush() {
    failIfBroken();
    send();
    await();
  }

  /** Records added so far, those of an earlier fill included. */
  public synchronized long count() {
    return count;
  }

  /** Sends the rest, waits until it is durable, and closes the source (unless held). */
  public FillReport finish() {
    return finish(null);
  }

  /**
   * As {@link #finish()}, by a quicker way to make Redis's writes durable than waiting for it.
   *
   * @param syncToDisk returns when all that Redis has written so far is on disk; for whoever owns
   *     the server
   */
  public synchronized FillReport finish(@Nullable Runnable syncToDisk) {
    failIfBroken();
    if (count < source.resumedAt()) {
      refused = true;
      throw new FillRefusedException(
          "the input of source '"
              + source.name()
              + "' differs from what was filled before: it ends at record "
              + count
              + ", there were "
              + source.resumedAt());
    }
    send();
    await();
    FillReport report = source.finish(options.hold(), syncToDisk);
    ended = true;
    stopActors();
    return report;
  }

  /**
   * Without {@link #finish} before: gives up. What was sent stays, and the source stays open and
   * becomes silent, for the input was not read to its end. If the fill was refused, nobody waits
   * for it to come back: the run is incomplete at once, or knows nothing of a source that gave
   * nothing.
   */
  @Override
  public synchronized void close() {
    stopActors();
    if (ended) {
      return;
    }
    ended = true;
    try {
      await();
    } catch (PieceworkException failed) {
      // It decides what is said of the source.
    }
    try {
      source.breakOff(refused);
    } catch (RedisFailure away) {
      // Then it is silent, and vanishes by itself.
    }
  }

  private void stopActors() {
    heartbeat.close();
    flusher.close();
    sender.close();
  }

  // From the flusher's thread: whoever feeds us may be slow.
  private synchronized boolean flushSoon() {
    if (ended || broken != null) {
      return false;
    }
    try {
      send();
    } catch (PieceworkException failed) {
      broken = failed;
    }
    return true;
  }

  private void failIfBroken() {
    if (broken != null) {
      throw broken;
    }
  }

  private void send() {
    if (pending.isEmpty()) {
      return;
    }
    Chunk chunk =
        new Chunk(
            count - pending.size(), pending, digest.hex(), prints.toByteArray(), pendingBytes);
    pending = new ArrayList<>();
    prints = new ByteArrayOutputStream();
    pendingBytes = 0;
    given(() -> sender.send(chunk));
  }

  private void await() {
    given(sender::await);
  }

  private void given(Runnable call) {
    try {
      call.run();
    } catch (PieceworkException failed) {
      broken = failed;
      refused = failed instanceof FillRefusedException || failed instanceof RedisRefusesException;
      throw failed;
    }
  }
}
