package dev.piecework.internal.fill;

import dev.piecework.FillOptions;
import dev.piecework.FillRefusedException;
import dev.piecework.FillReport;
import dev.piecework.Item;
import dev.piecework.PieceworkException;
import dev.piecework.Producer;
import dev.piecework.RedisRefusesException;
import dev.piecework.internal.client.Heartbeat;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.fill.SentChunks.Chunk;
import dev.piecework.internal.redis.RedisFailure;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A source that fills one hash slot: a queue without partitions, or one partition. */
public final class SingleProducer implements Producer {

  private static final int CHUNK_RECORDS = 1_000;
  private static final long CHUNK_BYTES = 1 << 20;
  private static final Duration FLUSH = Duration.ofMillis(100);

  private final Source source;
  private final ChunkSender sender;
  private final FillOptions options;
  private final InputDigest digest = new InputDigest();
  private final Heartbeat heartbeat;
  private final Heartbeat flusher;

  private List<Item> pending = new ArrayList<>();
  private ByteArrayOutputStream fingerprints = new ByteArrayOutputStream();
  private long pendingBytes;
  private long count;
  private @Nullable PieceworkException broken;
  private boolean refused;
  private boolean ended;

  public SingleProducer(QueueClient client, FillOptions options) {
    this(client, options, QueueClient.newId(8), true);
  }

  /**
   * @param id of the run that begins if none is under way; names the source if nobody does
   * @param begins whether one may begin, or the source is to go on with the run that is there, also
   *     if that has ended
   */
  public SingleProducer(QueueClient client, FillOptions options, String id, boolean begins) {
    this.options = options;
    this.source = new Source(client, client.record().create(), options, id, begins);
    this.sender = new ChunkSender(source);
    this.heartbeat =
        new Heartbeat(client.link(), "producer", source::interval, this::beat, Heartbeat.NOTHING);
    this.flusher =
        new Heartbeat(client.link(), "flush", () -> FLUSH, this::flushSoon, Heartbeat.NOTHING);
  }

  @Override
  public String source() {
    return source.name();
  }

  @Override
  public long resumedAt() {
    return source.resumedAt();
  }

  @Override
  public void add(Item item) {
    add(item, count() + 1);
  }

  /**
   * The same.
   *
   * @param record what people call it when it is refused, counted from 1
   */
  public synchronized void add(Item item, long record) {
    failIfBroken();
    try {
      take(item, record);
      refused = false;
    } catch (FillRefusedException | RedisRefusesException why) {
      refused = true;
      throw why;
    }
  }

  private void take(Item item, long record) {
    int payloadMax = source.settings().payloadMax();
    if (item.payload().length > payloadMax) {
      throw new FillRefusedException(
          "record "
              + record
              + " has "
              + item.payload().length
              + " bytes, the queue takes payloads up to "
              + payloadMax
              + " (payload-max)");
    }
    byte print = digest.add(item);
    count++;
    if (count <= source.resumedAt()) {
      source.compare(count, record, print, digest);
      return;
    }
    pending.add(item);
    fingerprints.write(print);
    pendingBytes += item.payload().length;
    if (pending.size() >= CHUNK_RECORDS || pendingBytes >= CHUNK_BYTES) {
      send();
    }
  }

  @Override
  public synchronized void flush() {
    failIfBroken();
    send();
    await();
  }

  @Override
  public synchronized long count() {
    return count;
  }

  @Override
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

  /** Gives up, as of a fill that was refused: nobody is to wait for it. */
  public synchronized void abandon() {
    refused = true;
    close();
  }

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

  /** One heartbeat; its thread's, and a test's. */
  public boolean beat() {
    return source.beat();
  }

  /** How often it is to be heard from now on. */
  public Duration heartbeatInterval() {
    return source.interval();
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
            count - pending.size(),
            pending,
            digest.hex(),
            fingerprints.toByteArray(),
            pendingBytes);
    pending = new ArrayList<>();
    fingerprints = new ByteArrayOutputStream();
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
