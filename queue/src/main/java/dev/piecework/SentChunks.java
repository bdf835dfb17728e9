package dev.piecework;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The chunks that Redis has accepted but may still lose: those of the last seconds. After a
 * rollback they are sent again.
 */
final class SentChunks {

  private static final long KEEP_NANOS = 5_000_000_000L;
  private static final long KEEP_BYTES = 64L << 20;

  /**
   * A chunk of records.
   *
   * @param offset of its first record in the source
   * @param digest of all of the source up to its end
   */
  record Chunk(long offset, List<Item> items, String digest, byte[] prints, long bytes) {
    long end() {
      return offset + items.size();
    }
  }

  private record Sent(Chunk chunk, long nanos) {}

  private final Deque<Sent> sent = new ArrayDeque<>();
  private long bytes;

  void add(Chunk chunk, long nowNanos) {
    sent.addLast(new Sent(chunk, nowNanos));
    bytes += chunk.bytes();
    while (sent.size() > 1
        && (nowNanos - sent.getFirst().nanos() > KEEP_NANOS || bytes > KEEP_BYTES)) {
      bytes -= sent.removeFirst().chunk().bytes();
    }
  }

  /** Those from this offset on; empty when they are not all here any more. */
  List<Chunk> from(long offset) {
    List<Chunk> again = new ArrayList<>();
    for (Sent one : sent) {
      if (one.chunk().offset() >= offset) {
        again.add(one.chunk());
      }
    }
    return !again.isEmpty() && again.getFirst().offset() == offset ? again : List.of();
  }
}
