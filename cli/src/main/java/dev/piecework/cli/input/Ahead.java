package dev.piecework.cli.input;

import dev.piecework.Item;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/** Records of an input that is not read further while there is no room for their items. */
final class Ahead implements RecordReader {

  private static final long PAUSE_MILLIS = 500;

  private final RecordReader records;
  private final Room room;

  Ahead(RecordReader records, Room room) {
    this.records = records;
    this.room = room;
  }

  @Override
  public @Nullable Item next() throws IOException {
    while (!room.isThere()) {
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException();
      }
    }
    Item item = records.next();
    if (item != null) {
      room.take(item);
    }
    return item;
  }

  @Override
  public @Nullable String field(String name) {
    return records.field(name);
  }

  @Override
  public int sampled() {
    return records.sampled();
  }
}
