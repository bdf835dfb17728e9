package dev.piecework.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.Item;
import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.WorkQueue;
import dev.piecework.testkit.CrashableProcess;
import dev.piecework.testkit.TestCluster;
import dev.piecework.testkit.TestRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/**
 * Measures what partitions cost: a queue without and one with sixteen on one Redis, and sixteen on
 * a Cluster of three masters with a replica each. It is no part of {@code ./check};
 * docs/performance.md says how to run it.
 */
class PartitionsCost {

  private static final int ITEMS = Integer.getInteger("partitions.items", 400_000);
  private static final int ROUNDS = Integer.getInteger("partitions.rounds", 3);
  private static final Pattern CPU = Pattern.compile("([0-9.]+) us CPU of the process");
  private static final Pattern RATE = Pattern.compile("= ([0-9]+) items/s");
  private static final Pattern CALLS = Pattern.compile("cmdstat_(?!info|config)[^:]+:calls=(\\d+)");

  /** Per item; the CPU in microseconds. */
  private record Cost(double rate, double client, double masters, double replicas, double calls) {}

  @Test
  void sixteenPartitionsCostLittleMoreThanNone() {
    try (TestRedis redis = TestRedis.started();
        TestCluster cluster = TestCluster.ofSix()) {
      List<TestRedis> one = List.of(redis);
      List<TestRedis> masters = cluster.nodes().subList(0, 3);
      List<TestRedis> replicas = cluster.nodes().subList(3, 6);
      for (TestRedis node : cluster.nodes()) {
        onNode(node, jedis -> jedis.configSet("appendonly", "no"));
      }
      List<Cost> none = new ArrayList<>();
      List<Cost> sixteen = new ArrayList<>();
      List<Cost> spread = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        none.add(drain(redis.uri(), "none" + round, 1, one, List.of()));
        sixteen.add(drain(redis.uri(), "sixteen" + round, 16, one, List.of()));
        spread.add(drain(cluster.uri(), "spread" + round, 16, masters, replicas));
      }
      System.out.printf("PartitionsCost: %,d items, medians of %d rounds%n", ITEMS, ROUNDS);
      Cost before = print("1 partition, one Redis", none);
      Cost after = print("16 partitions, one Redis", sixteen);
      Cost there = print("16 partitions, 3 masters and 3 replicas", spread);
      assertThat(after.calls()).isLessThan(2 * before.calls() + 0.1);
      assertThat(there.calls()).isLessThan(2 * before.calls() + 0.1);
    }
  }

  private static Cost drain(
      String uri, String name, int partitions, List<TestRedis> masters, List<TestRedis> replicas) {
    QueueSettings settings = QueueSettings.DEFAULTS.withPartitions(partitions);
    try (WorkQueue queue = WorkQueue.open(QueueConfig.of(uri, name).withSettings(settings))) {
      queue.fill(IntStream.range(0, ITEMS).mapToObj(i -> Item.of("%010d".formatted(i))));
      masters.forEach(node -> onNode(node, Jedis::configResetStat));
      double cpu = cpu(masters);
      double copying = cpu(replicas);
      String line;
      try (CrashableProcess worker =
          CrashableProcess.java(NoOpDrain.class, uri, name, "1").start()) {
        line = worker.awaitLine(said -> said.contains("items/s"));
        assertThat(worker.awaitExit()).isZero();
      }
      double calls = masters.stream().mapToLong(PartitionsCost::calls).sum();
      Cost cost =
          new Cost(
              number(RATE, line),
              number(CPU, line),
              (cpu(masters) - cpu) * 1e6 / ITEMS,
              (cpu(replicas) - copying) * 1e6 / ITEMS,
              calls / ITEMS);
      queue.admin().purge();
      return cost;
    }
  }

  private static double cpu(List<TestRedis> nodes) {
    double[] seconds = {0};
    Pattern used = Pattern.compile("used_cpu_(?:user|sys):([0-9.]+)");
    for (TestRedis node : nodes) {
      onNode(
          node,
          jedis -> {
            Matcher matcher = used.matcher(jedis.info("cpu"));
            while (matcher.find()) {
              seconds[0] += Double.parseDouble(matcher.group(1));
            }
            return "";
          });
    }
    return seconds[0];
  }

  private static long calls(TestRedis node) {
    String stats = onNode(node, jedis -> jedis.info("commandstats"));
    return CALLS.matcher(stats).results().mapToLong(m -> Long.parseLong(m.group(1))).sum();
  }

  private static String onNode(TestRedis node, java.util.function.Function<Jedis, String> asked) {
    try (Jedis jedis = new Jedis("127.0.0.1", node.port())) {
      return asked.apply(jedis);
    }
  }

  private static double number(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    assertThat(matcher.find()).as(line).isTrue();
    return Double.parseDouble(matcher.group(1));
  }

  private static Cost print(String what, List<Cost> rounds) {
    Cost median =
        new Cost(
            median(rounds.stream().mapToDouble(Cost::rate).sorted().toArray()),
            median(rounds.stream().mapToDouble(Cost::client).sorted().toArray()),
            median(rounds.stream().mapToDouble(Cost::masters).sorted().toArray()),
            median(rounds.stream().mapToDouble(Cost::replicas).sorted().toArray()),
            median(rounds.stream().mapToDouble(Cost::calls).sorted().toArray()));
    System.out.printf(
        Locale.ROOT,
        "%-40s %,9.0f items/s, us of CPU per item: worker %.2f, masters %.2f, replicas %.2f;"
            + " %.4f commands per item%n",
        what,
        median.rate(),
        median.client(),
        median.masters(),
        median.replicas(),
        median.calls());
    return median;
  }

  private static double median(double[] sorted) {
    return sorted[sorted.length / 2];
  }
}
