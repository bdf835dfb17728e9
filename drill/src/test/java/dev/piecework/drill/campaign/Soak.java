package dev.piecework.drill.campaign;

import dev.piecework.Item;
import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.QueueState;
import dev.piecework.SessionOptions;
import dev.piecework.WorkQueue;
import dev.piecework.embedded.PrivateRedis;
import dev.piecework.testkit.OutageProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;

/**
 * One worker, at full speed for as long as the campaign lasts, over a network that breaks every few
 * seconds: what it and its Redis hold after the warm-up is what they hold in the end.
 */
final class Soak implements Runnable {

  private static final String QUEUE = "soak";
  private static final int BAG = 5_000;
  private static final int ENOUGH = 20;

  /** What is kept of a run after its end is gone soon: else each run adds to it for a week. */
  private static final Duration RETENTION = Duration.ofSeconds(3);

  /** What was measured when a bag was done and the queue empty. */
  record Sample(long workerBytes, long redisBytes, long files, long threads, long keys) {}

  private final long end;
  private final Random random;
  private final List<Sample> samples = new ArrayList<>();
  private final List<String> findings = new ArrayList<>();
  private long items;

  Soak(long end, long seed) {
    this.end = end;
    this.random = new Random(seed);
  }

  @Override
  public void run() {
    try (PrivateRedis redis = PrivateRedis.builder().appendOnly(true).start();
        OutageProxy wire = OutageProxy.to("127.0.0.1", redis.port())) {
      QueueSettings settings =
          QueueSettings.DEFAULTS.withLeaseTimeout(Duration.ofSeconds(1)).withRetention(RETENTION);
      QueueConfig config = QueueConfig.of(redis.uri(), QUEUE).withSettings(settings);
      try (WorkQueue opened = WorkQueue.open(config)) {
        WorkQueue queue = opened.with(SessionOptions.DEFAULTS.followingRuns());
        Process worker = start(wire.uri());
        try {
          while (System.nanoTime() < end) {
            bag(queue, wire);
            sample(worker, redis);
          }
        } finally {
          worker.destroyForcibly().waitFor();
        }
        queue.admin().purge();
      }
      judge();
      findings.addAll(Campaign.goneSoon(() -> leftovers(redis)));
    } catch (Exception broken) {
      findings.add("the soak broke: " + broken);
    }
  }

  private static Process start(String uri) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx48m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
    command.addAll(List.of(System.getProperty("java.class.path"), SoakWorker.class.getName()));
    command.addAll(List.of(uri, QUEUE));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private void bag(WorkQueue queue, OutageProxy wire) throws InterruptedException {
    queue.fill(IntStream.range(0, BAG).mapToObj(i -> Item.of("item " + i)));
    switch (random.nextInt(4)) {
      case 0 -> wire.resetConnections();
      case 1 -> wire.cutInReply(1 + random.nextInt(3));
      case 2 -> {
        wire.cut();
        Thread.sleep(random.nextInt(300));
      }
      default -> {}
    }
    wire.pass();
    QueueState state = queue.awaitEnd(Duration.ofMinutes(1));
    if (!(state instanceof QueueState.Drained)) {
      findings.add("not drained after a minute: " + state);
    }
    items += BAG;
  }

  private void sample(Process worker, PrivateRedis redis) throws IOException {
    Path self = Path.of("/proc", Long.toString(worker.pid()));
    try (Jedis jedis = new Jedis(URI.create(redis.uri()));
        Stream<Path> files = Files.list(self.resolve("fd"))) {
      List<String> status = Files.readAllLines(self.resolve("status"));
      samples.add(
          new Sample(
              number(status, "VmRSS:") * 1_024,
              number(jedis.info("memory").lines().toList(), "used_memory:"),
              files.count(),
              number(status, "Threads:"),
              jedis.dbSize()));
    }
  }

  private static long number(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).replaceAll("\\D", ""))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow();
  }

  // The second quarter, when all is warm, against the last.
  private void judge() {
    if (samples.size() < ENOUGH) {
      return; // a campaign of a minute; it says so
    }
    flat("memory of the worker", Sample::workerBytes, 8 << 20);
    flat("memory of Redis", Sample::redisBytes, 1 << 20);
    flat("open files of the worker", Sample::files, 4);
    flat("threads of the worker", Sample::threads, 4);
    flat("keys in Redis", Sample::keys, 3);
  }

  private void flat(String what, ToLongFunction<Sample> part, long slack) {
    long warm = medianOf(part, samples.size() / 4, samples.size() / 2);
    long last = medianOf(part, samples.size() * 3 / 4, samples.size());
    if (last > warm + warm / 10 + slack) {
      findings.add(what + " grew from " + warm + " to " + last);
    }
  }

  private long medianOf(ToLongFunction<Sample> part, int from, int to) {
    long[] sorted = samples.subList(from, to).stream().mapToLong(part).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static List<String> leftovers(PrivateRedis redis) {
    List<String> left = new ArrayList<>();
    try (Jedis jedis = new Jedis(URI.create(redis.uri()))) {
      jedis.keys("*").stream()
          .filter(key -> !key.endsWith(":runs") && !key.equals("piecework:queues"))
          .forEach(key -> left.add("key " + key + " is left"));
      jedis
          .clientList()
          .lines()
          .filter(line -> line.contains("name=piecework"))
          .forEach(line -> left.add("connection is left: " + line));
    }
    return left;
  }

  List<String> findings() {
    return findings;
  }

  @Override
  public String toString() {
    return String.format(
        "soak: %,d items in %,d bags%s; warm: %s; last: %s",
        items,
        samples.size(),
        samples.size() < ENOUGH ? ", too few to tell whether anything grows" : "",
        samples.isEmpty() ? "" : samples.get(samples.size() / 4),
        samples.isEmpty() ? "" : samples.getLast());
  }
}
