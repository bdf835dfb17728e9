package dev.piecework.internal.client;

import dev.piecework.DeadItems;
import dev.piecework.ItemView;
import dev.piecework.QueueSettings;
import dev.piecework.Result;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * One partition of a queue: a queue of its own, in a hash slot of its own. Here is how ids are
 * written in it, and which partition an item belongs to.
 *
 * <p>An id that the partition has counted is a number there, and {@code partition-number} to
 * everybody else. One that a producer gave stays what it is; since the two must not be taken for
 * each other, one that is a number is stored with a {@code =} before it.
 *
 * @param queue the name of the whole queue
 * @param number from 0
 * @param count how many partitions there are; 1 for a queue without
 */
public record Partition(String queue, int number, int count) {

  /** Of a Cluster. */
  private static final int SLOTS = 16_384;

  private static final Pattern COUNTED = Pattern.compile("(0|[1-9]\\d{0,2})-([1-9]\\d{0,18})");

  /** All of a queue that has no partitions. */
  public static Partition whole(String queue) {
    return new Partition(queue, 0, 1);
  }

  /** What is stored with each partition: its share of the results, the rest as it is. */
  public static QueueSettings settingsOfOne(QueueSettings all) {
    return all.withPartitions(1).withResultsMax(Math.ceilDiv(all.resultsMax(), all.partitions()));
  }

  boolean isWhole() {
    return count == 1;
  }

  /**
   * The name of the queue that this partition is: {@code QUEUE.NUMBER}, or with {@code -1}, {@code
   * -2} and so on after it, the first whose hash slot is in this partition's share of them all. So
   * masters that have equal ranges of slots get equally many partitions.
   */
  public String name() {
    String plain = isWhole() ? queue : queue + "." + number;
    String name = plain;
    for (int i = 1; JedisClusterCRC16.getSlot(name) * count / SLOTS != number; i++) {
      name = plain + "-" + i;
    }
    return name;
  }

  /** What its state says of it, so that it is not taken for another queue of this name. */
  String mark() {
    return number + " of " + count;
  }

  /** The partition of a record: by its id if it has one, else in turn. */
  public static int of(long record, @Nullable String givenId, int count) {
    return givenId == null ? (int) ((record - 1) % count) : ofGiven(givenId, count);
  }

  private static int ofGiven(String id, int count) {
    CRC32 sum = new CRC32();
    sum.update(id.getBytes(StandardCharsets.UTF_8));
    return (int) (sum.getValue() % count);
  }

  /** The partition in which an item with this id is, if it is anywhere. */
  public static int of(String id, int count) {
    return numberIn(id, count).orElseGet(() -> ofGiven(id, count));
  }

  /** The partition that a counted id names; none for one that a producer gave. */
  public static Optional<Integer> numberIn(String id, int count) {
    Matcher counted = COUNTED.matcher(id);
    return counted.matches() && Integer.parseInt(counted.group(1)) < count
        ? Optional.of(Integer.parseInt(counted.group(1)))
        : Optional.empty();
  }

  /** An id that a producer gives, as it is stored. */
  public static String storedOfGiven(String id) {
    return isNumber(id) || id.startsWith("=") ? "=" + id : id;
  }

  /** A stored id as everybody sees it. */
  public String shown(String stored) {
    if (isWhole()) {
      return stored;
    }
    return isNumber(stored)
        ? number + "-" + stored
        : stored.startsWith("=") ? stored.substring(1) : stored;
  }

  /** An id as everybody sees it, as this partition stores it. */
  public String stored(String shown) {
    if (isWhole()) {
      return shown;
    }
    return numberIn(shown, count).isPresent()
        ? shown.substring(shown.indexOf('-') + 1)
        : storedOfGiven(shown);
  }

  private static boolean isNumber(String id) {
    return !id.isEmpty() && id.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  public Result shown(Result result) {
    return isWhole()
        ? result
        : new Result(
            result.sequence(),
            shown(result.id()),
            result.batch(), // the worker wrote it, as everybody sees it
            result.payload(),
            result.result(),
            result.attempt(),
            result.worker(),
            result.started(),
            result.took());
  }

  public ItemView shown(ItemView item) {
    String id = item.id();
    return isWhole() || id == null
        ? item
        : new ItemView(
            shown(id),
            item.state(),
            item.payload(),
            item.attempts(),
            item.worker(),
            item.age(),
            item.error(),
            item.history(),
            item.group());
  }

  public DeadItems stored(DeadItems which) {
    return switch (which) {
      case DeadItems.WithId one -> new DeadItems.WithId(stored(one.id()));
      case DeadItems.All all -> all;
      case DeadItems.WithError some -> some;
      case DeadItems.InGroup some -> some;
    };
  }
}
