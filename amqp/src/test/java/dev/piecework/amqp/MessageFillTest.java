package dev.piecework.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.piecework.FillRefusedException;
import dev.piecework.FillReport;
import dev.piecework.ItemState;
import dev.piecework.QueueConfig;
import dev.piecework.WorkQueue;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import dev.piecework.testrun.Effort;
import dev.piecework.testrun.Needs;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Messages of a real RabbitMQ become items of a real Redis, each once, whoever dies. */
@Needs("rabbitmq-server")
@RedisPerTest
@Tag("slow")
@Tag("process")
@Timeout(600)
@SuppressWarnings("NullAway.Init") // before each test
class MessageFillTest {

  @TempDir static Path folder;
  private static final int DIED = 9;

  private static RabbitServer rabbit;
  private static int number;

  private String bag;
  private TestRedis redis;

  @BeforeAll
  static void start() throws Exception {
    rabbit = RabbitServer.started(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    if (rabbit != null) {
      rabbit.close();
    }
  }

  @BeforeEach
  void name(TestRedis empty) {
    bag = "bag" + number++;
    redis = empty;
  }

  private WorkQueue queue() {
    return open(redis.uri());
  }

  private static WorkQueue open(String redis) {
    return WorkQueue.open(QueueConfig.of(redis, "q"));
  }

  private static MessageFill fill(
      WorkQueue queue, String uri, boolean follow, @Nullable Runnable filled) {
    return fill(queue, BrokerUri.parse(uri), follow, () -> true, filled);
  }

  private static MessageFill fill(
      WorkQueue queue,
      BrokerUri uri,
      boolean follow,
      BooleanSupplier room,
      @Nullable Runnable filled) {
    var wishes = new MessageFill.Wishes(follow, Duration.ofMinutes(5), item -> item, room, filled);
    // All that is killed here is on this machine, whose system closes its connections at once.
    return new MessageFill(queue, uri, wishes, System.err::println, Duration.ofSeconds(10));
  }

  private FillReport fill() throws InterruptedException {
    try (WorkQueue queue = queue()) {
      return fill(queue, rabbit.uri(bag), false, null).run(() -> false);
    }
  }

  /** Dies at the n-th time when a batch is durable and not acknowledged. */
  private void dieBeforeTheAcknowledgement(int nth) throws Exception {
    assertThat(victim(nth).waitFor()).isEqualTo(DIED);
  }

  private static Map<String, Long> counted(Stream<String> texts) {
    return texts.collect(
        Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
  }

  private long waitingItems() {
    try (WorkQueue queue = queue()) {
      return queue.admin().status().counts().waiting();
    }
  }

  private void assertEachOnce(List<String> bodies) throws Exception {
    try (WorkQueue queue = queue();
        var items = queue.admin().items(ItemState.WAITING)) {
      assertThat(counted(items.map(item -> new String(item.payload(), StandardCharsets.UTF_8))))
          .isEqualTo(counted(bodies.stream()));
    }
    assertThat(rabbit.waiting(bag)).isZero();
  }

  private static List<String> bodies(int count, int different) {
    return IntStream.range(0, count).mapToObj(i -> "m" + i % different).toList();
  }

  @Test
  void eachMessageIsAnItemAndTheQueueIsDrainedAfterwards() throws Exception {
    List<String> bodies = bodies(2_500, 7);
    rabbit.publish(bag, bodies, List.of());

    assertThat(fill().added()).isEqualTo(2_500);

    assertEachOnce(bodies);
    rabbit.publish(bag, List.of("m1", "later"), List.of());
    assertThat(fill().added()).isEqualTo(2);
    try (WorkQueue queue = queue()) {
      assertThat(queue.admin().status().producers()).isEmpty();
    }
  }

  @Test
  void whatWasFilledAndNotAcknowledgedIsNotAddedAgain() throws Exception {
    List<String> bodies = bodies(250, 3);
    rabbit.publish(bag, bodies, List.of());

    dieBeforeTheAcknowledgement(1);
    dieBeforeTheAcknowledgement(2);
    try (WorkQueue queue = queue()) {
      int _ = queue.admin().reapGoneProcesses();
    }
    assertThat(fill().skipped()).isPositive();

    assertEachOnce(bodies);
  }

  /** Equal ids are in one partition, so each is known there. */
  @Test
  void aQueueInPartitionsTakesEachOnceToo() throws Exception {
    var config = QueueConfig.of(redis.uri(), "q");
    try (WorkQueue parted =
        WorkQueue.open(config.withSettings(config.settings().withPartitions(3)))) {
      List<String> bodies = bodies(250, 3);
      rabbit.publish(bag, bodies, List.of());
      rabbit.publish(bag, List.of("counted", "counted"), List.of("0-1", "0-1"));

      dieBeforeTheAcknowledgement(1);
      dieBeforeTheAcknowledgement(1);
      int _ = parted.admin().reapGoneProcesses();
      assertThat(fill().skipped()).isPositive();

      assertThat(parted.settings().partitions()).isEqualTo(3);
      assertEachOnce(Stream.concat(bodies.stream(), Stream.of("counted")).toList());
    }
  }

  @Test
  void whileThereIsNoRoomMessagesStayWhereTheyAre() throws Exception {
    rabbit.publish(bag, bodies(150, 150), List.of());
    AtomicInteger asked = new AtomicInteger();
    try (WorkQueue queue = queue()) {
      BrokerUri uri = BrokerUri.parse(rabbit.uri(bag));
      BooleanSupplier room =
          () -> {
            int time = asked.incrementAndGet();
            if (time == 2 || time == 3) {
              assertThat(queue.admin().status().counts().waiting()).isEqualTo(100);
            }
            return time == 1 || time > 3;
          };
      assertThat(fill(queue, uri, false, room, null).run(() -> false).added()).isEqualTo(150);
    }
    assertEachOnce(bodies(150, 150));
  }

  @Test
  void overTlsItIsAskedWhoIsTrusted() throws Exception {
    rabbit.publish(bag, List.of("a"), List.of());
    BrokerUri uri = BrokerUri.parse(rabbit.tlsUri(bag));
    try (WorkQueue queue = queue()) {
      MessageFill untrusting = fill(queue, uri, false, () -> true, null);
      assertThatThrownBy(() -> untrusting.run(() -> false))
          .isInstanceOf(BrokerException.class)
          .hasMessageContaining("no trusted TLS connection to RabbitMQ at 127.0.0.1:")
          .hasMessageContaining("from no authority that is trusted here");

      BrokerUri trusting = uri.withAuthorities(rabbit.caFile());
      FillReport report = fill(queue, trusting, false, () -> true, null).run(() -> false);
      assertThat(report.added()).isEqualTo(1);
    }
    assertEachOnce(List.of("a"));
  }

  /** It died after the acknowledgement and before it had kept that: nothing is delivered again. */
  @Test
  void whatComesAfterABatchThatWasAcknowledgedIsNotTakenForIt() throws Exception {
    rabbit.publish(bag, List.of("same", "same", "other"), List.of());
    assertThat(fill().added()).isEqualTo(3);
    String source = BrokerUri.parse(rabbit.uri(bag)).source();
    try (WorkQueue queue = queue();
        var items = queue.admin().items(ItemState.WAITING)) {
      String id = String.valueOf(items.findFirst().orElseThrow().id());
      new InDoubt(1, id.split("-", -1)[1], 3).keep(queue.admin(), source);
    }

    rabbit.publish(bag, List.of("same", "other", "other"), List.of());
    assertThat(fill().added()).isEqualTo(3);

    assertEachOnce(List.of("same", "same", "other", "same", "other", "other"));
  }

  @Test
  void aMessageWithAnIdIsTakenOnce() throws Exception {
    rabbit.publish(bag, List.of("a", "b", "a again"), List.of("1", "x\ny", "1"));

    FillReport report = fill();

    assertThat(report.added()).isEqualTo(2);
    assertThat(report.skipped()).isEqualTo(1);
    assertEachOnce(List.of("a", "b"));
  }

  @Test
  void aMessageThatIsTooLargeStaysWhereItIs() throws Exception {
    rabbit.publish(bag, List.of("a", "x".repeat(2 << 20)), List.of());

    assertThatThrownBy(this::fill)
        .isInstanceOf(FillRefusedException.class)
        .hasMessageContaining("'" + bag + "', which stays there: record 2 has 2097152 bytes");

    assertThat(rabbit.waiting(bag)).isEqualTo(2);
  }

  @Test
  void whatIsNotThereOrNotAllowedIsSaidAndNothingIsBegun() {
    for (String[] wrong :
        new String[][] {
          {rabbit.uri("none"), "has no queue 'none' in virtual host '/'"},
          {rabbit.uri("none").replace("//", "//bob@"), "refused user 'bob' or the password"},
          {rabbit.uri("x/none"), "has no virtual host 'x'"},
          {rabbit.uri("none").replace("amqp:", "amqps:"), "no trusted TLS connection"},
          {"amqp://127.0.0.1:1/none", "connection refused"},
          {"amqp://nowhere.invalid/none", "there is no host nowhere.invalid"},
        }) {
      try (WorkQueue queue = queue()) {
        MessageFill fill = fill(queue, wrong[0], false, null);
        assertThatThrownBy(() -> fill.run(() -> false))
            .isInstanceOf(BrokerException.class)
            .hasMessageContaining(wrong[1]);
        assertThat(queue.admin().status().counts().total()).isZero();
        assertThat(queue.admin().status().producers()).isEmpty();
      }
    }
  }

  /**
   * A broker that is killed may give again what was acknowledged: ids make each once all the same.
   */
  @Test
  void itFollowsUntilItIsStoppedAndTheBrokerMayDieMeanwhile() throws Exception {
    rabbit.publish(bag, List.of("a"), List.of("1"));
    AtomicBoolean stopped = new AtomicBoolean();
    try (WorkQueue queue = queue()) {
      MessageFill following = fill(queue, rabbit.uri(bag), true, null);
      var report =
          CompletableFuture.supplyAsync(() -> {
            try {
              return following.run(stopped::get);
            } catch (InterruptedException never) {
              throw new IllegalStateException(never);
            }
          });
      await().until(() -> queue.admin().status().counts().waiting() == 1);
      rabbit.kill();
      rabbit.start();
      rabbit.publish(bag, List.of("b", "c"), List.of("2", "3"));
      await()
          .atMost(Duration.ofMinutes(5))
          .until(() -> report.isDone() || queue.admin().status().counts().waiting() == 3);
      assertThat(queue.admin().status().producers()).isNotEmpty();
      stopped.set(true);
      assertThat(report.get().added()).isEqualTo(3);
      assertThat(queue.admin().status().producers()).isEmpty();
    }
    assertEachOnce(List.of("a", "b", "c"));
  }

  /** Fills, in a JVM that is killed, and prints a line for each batch that is durable. */
  static final class Victim {
    private Victim() {}

    public static void main(String[] args) throws Exception {
      try (WorkQueue queue = open(args[0])) {
        int _ = queue.admin().reapGoneProcesses();
        AtomicInteger left = new AtomicInteger(Integer.parseInt(args[2]));
        Runnable filled =
            () -> {
              System.out.println("filled");
              if (left.decrementAndGet() == 0) {
                Runtime.getRuntime().halt(DIED);
              }
            };
        FillReport _ = fill(queue, args[1], false, filled).run(() -> false);
      }
    }
  }

  @Test
  void killedAtAnyInstantItLosesAndDoublesNothing() throws Exception {
    int count = Effort.of(20_000);
    List<String> bodies = new ArrayList<>(bodies(count, 50));
    rabbit.publish(bag, bodies, List.of());
    long seed = new Random().nextLong();
    System.err.println("seed " + seed);
    Random random = new Random(seed);
    int kills = 0;
    long limit = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
    while (true) {
      Process victim = victim(Integer.MAX_VALUE);
      int batches = 1 + random.nextInt(4);
      try (BufferedReader out = victim.inputReader()) {
        while (batches > 0 && out.readLine() != null) {
          batches--;
        }
        // Around the acknowledgement, or somewhere in the next batch.
        TimeUnit.MICROSECONDS.sleep(random.nextInt(random.nextBoolean() ? 2_000 : 60_000));
        victim.destroyForcibly();
      }
      int code = victim.waitFor();
      if (code == 0 && waitingItems() < bodies.size()) {
        // The broker may not have taken back yet what the last one was killed with.
        assertThat(System.nanoTime()).as("looks for the rest").isLessThan(limit);
        continue;
      }
      if (code == 0 && kills > 3) {
        break;
      }
      if (code == 0) {
        // Some were killed late, as on a machine with other work: there are messages for more.
        List<String> more = bodies(count, 50);
        rabbit.publish(bag, more, List.of());
        bodies.addAll(more);
      } else {
        assertThat(code).as("exit code: its own error is 1").isEqualTo(137);
        kills++;
      }
    }
    assertEachOnce(bodies);
  }

  /**
   * @param batches it dies when so many are durable, and the last is not acknowledged
   */
  private Process victim(int batches) throws Exception {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                redis.uri(),
                rabbit.uri(bag),
                String.valueOf(batches)));
    return new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
