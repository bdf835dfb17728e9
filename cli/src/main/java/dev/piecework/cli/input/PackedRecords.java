package dev.piecework.cli.input;

import dev.piecework.Item;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.verb.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records that are kept until all are known: one after the other in blocks, since an object for
 * each of millions of short ones would take several times their bytes.
 */
final class PackedRecords {

  private static final int BLOCK = 1 << 20;
  private static final int PLACE = 16;

  private final long most;
  private final List<byte[]> blocks = new ArrayList<>();
  private int used;
  private long bytes;

  /** Of each record its block and where it begins there; and its length. */
  private long[] starts = new long[1_024];

  private int[] lengths = new int[1_024];
  private int size;

  /** Only if a record has one. */
  private @Nullable List<@Nullable String> ids;

  /**
   * @param most bytes that are kept at most
   */
  PackedRecords(long most) {
    this.most = most;
  }

  int size() {
    return size;
  }

  void add(Item item) {
    byte[] payload = item.payload();
    bytes += payload.length + PLACE + (item.id() == null ? 0 : 2L * item.id().length() + PLACE);
    if (bytes > most || size == Integer.MAX_VALUE - 8) {
      throw Refusal.usage(
          "--shuffle, --size and --sample hold the whole input in memory, and this one is more than "
              + Figures.bytes(most)
              + " or has no end: nothing was filled; order it before, or give Java more memory"
              + " (JAVA_TOOL_OPTIONS=-Xmx...)");
    }
    if (blocks.isEmpty() || payload.length > BLOCK - used) {
      blocks.add(new byte[Math.max(BLOCK, payload.length)]);
      used = 0;
    }
    if (size == starts.length) {
      int larger = (int) Math.min(Integer.MAX_VALUE - 8L, size * 2L);
      starts = Arrays.copyOf(starts, larger);
      lengths = Arrays.copyOf(lengths, larger);
    }
    System.arraycopy(payload, 0, blocks.getLast(), used, payload.length);
    starts[size] = (long) (blocks.size() - 1) << 32 | used;
    lengths[size] = payload.length;
    used += payload.length;
    keepId(item.id());
    size++;
  }

  private void keepId(@Nullable String id) {
    List<@Nullable String> known = ids;
    if (known == null && id != null) {
      known = new ArrayList<>(java.util.Collections.nCopies(size, null));
      ids = known;
    }
    if (known != null) {
      known.add(id);
    }
  }

  Item get(int at) {
    byte[] block = blocks.get((int) (starts[at] >>> 32));
    int from = (int) starts[at];
    Item item = Item.of(Arrays.copyOfRange(block, from, from + lengths[at]));
    String id = ids == null ? null : ids.get(at);
    return id == null ? item : item.withId(id);
  }
}
