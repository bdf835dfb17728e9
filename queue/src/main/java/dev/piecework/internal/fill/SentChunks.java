package dev.piecework.internal.fill;

import dev.piecework.Item;
import dev.piecework.Priority;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * The chunks that Redis has accepted but may still lose: those of the last seconds. After a
 * rollback they are sent again. Until then they are kept packed: an item of a few bytes is ten
 * times as large as an object, and at a million a second that would be all of a small heap.
 */
final class SentChunks {

  private static final long KEEP_NANOS = 5_000_000_000L;
  private static final long KEEP_BYTES = 64L << 20;

  /** What an item, or a packed chunk, takes beside its bytes. */
  private static final long OBJECTS = 100;

  /**
   * A chunk of records.
   *
   * @param offset of its first record in the source
   * @param digest of all of the source up to its end
   */
  record Chunk(long offset, List<Item> items, String digest, byte[] fingerprints, long bytes) {
    long end() {
      return offset + items.size();
    }
  }

  /** A chunk, or what it can be made of again; bytes is what that takes here. */
  private record Kept(long offset, long nanos, long bytes, Supplier<Chunk> chunk) {}

  private final Deque<Kept> sent = new ArrayDeque<>();
  private long bytes;

  void add(Chunk chunk, long nowNanos) {
    Kept kept =
        chunk.items().stream().allMatch(SentChunks::isPlain)
            ? packed(chunk, nowNanos)
            : new Kept(
                chunk.offset(),
                nowNanos,
                chunk.bytes() + OBJECTS * chunk.items().size(),
                () -> chunk);
    sent.addLast(kept);
    bytes += kept.bytes();
    while (sent.size() > 1
        && (nowNanos - sent.getFirst().nanos() > KEEP_NANOS || bytes > KEEP_BYTES)) {
      bytes -= sent.removeFirst().bytes();
    }
  }

  private static boolean isPlain(Item item) {
    return item.id() == null
        && item.priority() == Priority.NORMAL
        && item.delay().equals(Duration.ZERO);
  }

  private static Kept packed(Chunk chunk, long nowNanos) {
    byte[] payloads = new byte[Math.toIntExact(chunk.bytes())];
    int[] ends = new int[chunk.items().size()];
    int at = 0;
    for (int i = 0; i < ends.length; i++) {
      byte[] payload = chunk.items().get(i).payload();
      System.arraycopy(payload, 0, payloads, at, payload.length);
      at += payload.length;
      ends[i] = at;
    }
    long offset = chunk.offset();
    String digest = chunk.digest();
    byte[] fingerprints = chunk.fingerprints();
    return new Kept(
        offset,
        nowNanos,
        payloads.length + 5L * ends.length + OBJECTS,
        () -> new Chunk(offset, unpacked(payloads, ends), digest, fingerprints, payloads.length));
  }

  private static List<Item> unpacked(byte[] payloads, int[] ends) {
    List<Item> items = new ArrayList<>(ends.length);
    int from = 0;
    for (int end : ends) {
      items.add(Item.of(Arrays.copyOfRange(payloads, from, end)));
      from = end;
    }
    return items;
  }

  /** Those from this offset on; empty when they are not all here any more. */
  List<Chunk> from(long offset) {
    List<Chunk> again = new ArrayList<>();
    for (Kept one : sent) {
      if (one.offset() >= offset) {
        again.add(one.chunk().get());
      }
    }
    return !again.isEmpty() && again.getFirst().offset() == offset ? again : List.of();
  }
}
