package dev.piecework.internal.partition;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.FillOptions;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.redis.Values;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import redis.clients.jedis.Protocol.Command;

/**
 * What all partitions of a queue together know of its sources. A producer opens its source in every
 * one of them, so a partition that does not know a source that another knows has lost what it was
 * given by it: a failover went to a replica that had not copied it.
 */
final class PartitionSources {

  private final List<QueueClient> parts;

  PartitionSources(List<QueueClient> parts) {
    this.parts = parts;
  }

  /** Those of this run that a partition has lost, sorted; none where another run has begun. */
  List<String> lostOf(String run) {
    List<String> lost = lost();
    boolean current = parts.stream().allMatch(part -> run.equals(field(part, "state", "run")));
    return current ? lost : List.of();
  }

  private List<String> lost() {
    List<Set<String>> known = parts.stream().map(part -> fields(part, "sources")).toList();
    Set<String> lost = new TreeSet<>();
    known.forEach(lost::addAll);
    lost.removeIf(source -> known.stream().allMatch(some -> some.contains(source)));
    return List.copyOf(lost);
  }

  /**
   * For a fill that begins. Whether a source was read to its end is what the first partition says:
   * where another one has lost that since, the fill is no new one under the next free name, but
   * goes on under the name that it had.
   */
  FillOptions continued(FillOptions options) {
    String name = options.source();
    if (name == null || !options.continueOnlyBroken()) {
      return options;
    }
    Set<String> unfinished = new HashSet<>(lost());
    parts.forEach(part -> unfinished.addAll(fields(part, "incomplete")));
    return unfinished.stream()
        .filter(source -> number(name, source) > 0 && isClosed(source))
        .min(Comparator.comparingLong(source -> number(name, source)))
        .map(source -> new FillOptions(source, false, options.unique(), options.hold()))
        .orElse(options);
  }

  // NAME is the first fill of that name, NAME#2 the second: see produce.lua. 0 for any other.
  private static long number(String name, String source) {
    if (source.equals(name)) {
      return 1;
    }
    boolean numbered =
        source.startsWith(name + "#") && source.substring(name.length() + 1).matches("\\d{1,9}");
    return numbered ? Long.parseLong(source.substring(name.length() + 1)) : 0;
  }

  private boolean isClosed(String source) {
    return field(parts.getFirst(), "sources", source).startsWith("closed");
  }

  /** Empty where there is none. */
  private static String field(QueueClient part, String hash, String field) {
    byte[] key = part.keys().key(hash);
    Object value =
        part.retry().call(() -> part.link().call(Command.HGET, key, QueueClient.utf8(field)));
    return value instanceof byte[] text ? new String(text, UTF_8) : "";
  }

  private static Set<String> fields(QueueClient part, String hash) {
    byte[] key = part.keys().key(hash);
    return new HashSet<>(
        Values.of(part.retry().call(() -> part.link().call(Command.HKEYS, key))).texts());
  }
}
