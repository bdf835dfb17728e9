package dev.piecework.cli.input;

import dev.piecework.Item;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads all records, then gives them in an order of its own. */
final class OrderedRecords implements RecordReader {

  private final RecordReader input;
  private final RecordOrder order;
  private final PackedRecords records;
  private int @Nullable [] places;
  private int next;
  private int sampled;

  OrderedRecords(RecordReader input, RecordOrder order) {
    this(input, order, Runtime.getRuntime().maxMemory() / 2);
  }

  /**
   * @param most bytes that are kept at most
   */
  OrderedRecords(RecordReader input, RecordOrder order, long most) {
    this.input = input;
    this.order = order;
    this.records = new PackedRecords(most);
  }

  @Override
  public @Nullable Item next() throws IOException {
    int[] known = places;
    if (known == null) {
      known = places(order);
      places = known;
    }
    return next < known.length ? records.get(known[next++]) : null;
  }

  @Override
  public int sampled() {
    return sampled;
  }

  private int[] places(RecordOrder by) throws IOException {
    return switch (by) {
      case RecordOrder.OfInput _ -> IntStream.range(0, readAll(null)).toArray();
      case RecordOrder.Shuffled shuffled -> shuffled(readAll(null), shuffled.seed());
      case RecordOrder.LargestField largest -> largestFirst(largest.field());
      case RecordOrder.LargestFile _ -> largestFirst(null);
      case RecordOrder.SampleFirst first -> {
        int[] all = places(first.others());
        sampled = first.size().of(all.length);
        // One that is shuffled begins with a sample, by the same seed.
        yield first.others() instanceof RecordOrder.Shuffled
            ? all
            : sampleFirst(all, sampled, new Random(first.seed()));
      }
    };
  }

  /** Each place is as likely as any other; both parts keep their order. */
  private static int[] sampleFirst(int[] all, int size, Random random) {
    int[] places = new int[all.length];
    int in = 0;
    int out = size;
    for (int i = 0; i < all.length; i++) {
      boolean chosen = random.nextInt(all.length - i) < size - in;
      places[chosen ? in++ : out++] = all[i];
    }
    return places;
  }

  private int readAll(@Nullable Sizes sizes) throws IOException {
    for (Item item = input.next(); item != null; item = input.next()) {
      records.add(item);
      if (sizes != null) {
        sizes.take(item);
      }
    }
    return records.size();
  }

  /** Fisher and Yates, with a generator that is specified: the same on each Java. */
  private static int[] shuffled(int size, long seed) {
    int[] places = new int[size];
    Random random = new Random(seed);
    for (int i = 0; i < size; i++) {
      int at = random.nextInt(i + 1);
      places[i] = places[at];
      places[at] = i;
    }
    return places;
  }

  /** Equal ones as they come. */
  private int[] largestFirst(@Nullable String field) throws IOException {
    Sizes sizes = new Sizes(field);
    int size = readAll(sizes);
    double[] of = sizes.sizes;
    Integer[] places = new Integer[size];
    Arrays.setAll(places, i -> i);
    Arrays.sort(places, (a, b) -> Double.compare(of[b], of[a]));
    return Arrays.stream(places).mapToInt(Integer::intValue).toArray();
  }

  /** The size of each record, in the order of the input. */
  private final class Sizes {

    private final @Nullable String field;
    private double[] sizes = new double[1_024];

    Sizes(@Nullable String field) {
      this.field = field;
    }

    void take(Item item) throws IOException {
      int at = records.size() - 1;
      if (at == sizes.length) {
        sizes = Arrays.copyOf(sizes, at * 2);
      }
      sizes[at] = field == null ? ofFile(item.payload()) : ofField(field);
    }

    private double ofField(String name) {
      String text = input.field(name);
      if (text == null) {
        throw wrong("has no field '" + Printable.typed(name, 60) + "' with a number");
      }
      try {
        double size = Double.parseDouble(text.strip());
        if (Double.isFinite(size)) {
          return size;
        }
      } catch (NumberFormatException none) {
        // Said below.
      }
      throw wrong(
          "has '"
              + Printable.typed(text, 60)
              + "' in '"
              + Printable.typed(name, 60)
              + "', which is no number");
    }

    private double ofFile(byte[] payload) {
      String name = new String(payload, StandardCharsets.UTF_8);
      try {
        Path path = Path.of(name);
        if (Files.isRegularFile(path)) {
          return Files.size(path);
        }
      } catch (IOException | InvalidPathException unreadable) {
        // Said below.
      }
      throw wrong("names '" + Printable.typed(name, 200) + "', which is no file that can be read");
    }

    private Refusal wrong(String what) {
      return Refusal.usage(
          "--size: record " + records.size() + " " + what + "; nothing was filled");
    }
  }
}
