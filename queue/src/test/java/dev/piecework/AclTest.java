package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.testkit.TestCluster;
import dev.piecework.testkit.TestRedis;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol.Command;

/**
 * The rules that we tell people to give a Redis user: with them the whole contract holds, and
 * without any one of its commands some part of it does not.
 */
@Tag("slow")
@Tag("cluster")
class AclTest {

  private static TestRedis server;
  private static Jedis admin;
  private static final Map<String, Check> CHECKS = new LinkedHashMap<>();

  /** A test of the contract, or one more. */
  interface Check {
    void run(Bench bench) throws Exception;
  }

  @BeforeAll
  static void start() {
    server = TestRedis.startedAs(dev.piecework.embedded.PrivateRedis.builder());
    admin = server.jedis();
    for (Class<? extends WorkQueueContract> part :
        List.of(LeaseContractTest.class, FillContractTest.class, QueueContractTest.class)) {
      for (Method method : methodsOf(part)) {
        if (method.isAnnotationPresent(Test.class)) {
          CHECKS.put(
              part.getSimpleName() + "." + method.getName(), bench -> run(part, method, bench));
        }
      }
    }
    AclChecks.addTo(CHECKS, server);
  }

  private static List<Method> methodsOf(Class<?> part) {
    return Stream.of(part.getSuperclass(), part)
        .flatMap(type -> Stream.of(type.getDeclaredMethods()))
        .toList();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void theRulesAreEnoughAndNoneIsTooMuch() throws Exception {
    List<String> rules = AclRules.forQueue("job-*", false);
    Map<String, Set<String>> users = new TreeMap<>();
    Map<String, Long> nanos = new TreeMap<>();
    admin.sendCommand(Command.ACL, "LOG", "RESET");
    for (Map.Entry<String, Check> check : CHECKS.entrySet()) {
      long begun = System.nanoTime();
      attempt(check.getValue(), rules);
      nanos.put(check.getKey(), System.nanoTime() - begun);
      for (String command : used()) {
        users.computeIfAbsent(command, c -> new TreeSet<>()).add(check.getKey());
      }
    }
    assertThat(denied()).as("what was tried and not allowed").isSubsetOf("config|get");
    AclChecks.patience = Duration.ofSeconds(4);
    List<String> superfluous = new ArrayList<>();
    for (String rule : rules.stream().filter(r -> r.startsWith("+")).toList()) {
      List<String> fewer = new ArrayList<>(rules);
      fewer.remove(rule);
      List<String> quickest =
          users.getOrDefault(rule.substring(1), Set.of()).stream()
              .sorted(java.util.Comparator.comparing(nanos::get))
              .toList();
      if (quickest.stream().noneMatch(check -> fails(check, fewer))) {
        superfluous.add(rule + " " + quickest);
      }
    }
    // Without it a push is noticed within a second instead of at once.
    assertThat(denied()).contains("blmove");
    superfluous.remove("+blmove [wake]");
    assertThat(superfluous).as("without these everything works as well").isEmpty();
  }

  @Test
  void theRulesOfOneQueueAreForNoOther() {
    String uri = server.userUri("one", "secret", rules(AclRules.forQueue("mine", false)));
    try (WorkQueue mine = WorkQueue.open(uri, "mine")) {
      mine.fill(Bench.items("a"));
      assertThat(mine.lease(Duration.ZERO).orElseThrow().text()).isEqualTo("a");
    }
    assertThatThrownBy(
            () -> {
              try (WorkQueue other = WorkQueue.open(uri, "mine2")) {
                other.fill(Bench.items("a"));
              }
            })
        .isInstanceOf(QueueUnusableException.class)
        .hasMessageContaining("permission")
        .hasMessageNotContaining("secret");
  }

  @Test
  void anotherDatabaseNeedsSelect() {
    List<String> rules = new ArrayList<>(AclRules.forQueue("job*", false));
    String uri = server.userUri("elsewhere", "secret", rules(rules)) + "/1";
    assertThatThrownBy(() -> WorkQueue.open(uri, "job").close())
        .isInstanceOf(QueueUnusableException.class);
    rules.add("+select");
    server.userUri("elsewhere", "secret", rules(rules));
    try (WorkQueue queue = WorkQueue.open(uri, "job")) {
      queue.fill(Bench.items("a"));
    }
  }

  @Test
  void aClusterNeedsItsSlots() {
    List<String> rules = new ArrayList<>(AclRules.forQueue("job*", false));
    rules.addAll(List.of("+cluster|slots", "+ping"));
    try (TestCluster cluster = TestCluster.ofThree()) {
      String uri = "";
      for (TestRedis node : cluster.nodes()) {
        uri = node.userUri("worker", "secret", rules(rules));
      }
      try (WorkQueue queue = WorkQueue.open(uri, "job")) {
        queue.fill(Bench.items("a"));
        queue.lease(Duration.ZERO).orElseThrow().complete();
        assertThat(queue.isDrained()).isTrue();
      }
    }
  }

  @Test
  void theDocumentHasTheRules() throws Exception {
    String rules = "on >PASSWORD " + String.join(" ", AclRules.forQueue("job*", false));
    Path file = Path.of("../docs/protocol.md");
    String document = Files.readString(file);
    if (System.getProperty("protocol.write") != null) {
      String folded = rules.replaceAll("(.{80,110}) ", "$1\n  ");
      Files.writeString(
          file, document.replaceFirst("(ACL SETUSER piecework )[^`]*", "$1" + folded + "\n"));
      return;
    }
    assertThat(document.replaceAll("\\s+", " ")).contains(rules);
  }

  private static boolean fails(String check, List<String> rules) {
    try {
      attempt(Objects.requireNonNull(CHECKS.get(check)), rules);
      return false;
    } catch (Exception | AssertionError broken) {
      return true;
    }
  }

  private static void attempt(Check check, List<String> rules) throws Exception {
    String uri = server.userUri("worker", "w0rk", rules(rules));
    Bench bench =
        new Bench(
            config ->
                new QueueConfig(
                    uri, config.name(), Duration.ofSeconds(5), Bench.SETTINGS, config.access()),
            server.uri());
    admin.scriptFlush();
    admin.configResetStat();
    try (bench) {
      check.run(bench);
    }
  }

  private static String[] rules(List<String> rules) {
    return rules.toArray(String[]::new);
  }

  private static void run(Class<? extends WorkQueueContract> part, Method method, Bench bench)
      throws Exception {
    WorkQueueContract test = part.getDeclaredConstructor().newInstance();
    test.bench = bench;
    test.queue = bench.open();
    method.setAccessible(true);
    try {
      method.invoke(test);
    } catch (InvocationTargetException failed) {
      if (failed.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw (Error) failed.getCause();
    }
  }

  // As ACL names them. Of what has subcommands all are counted apart since Redis 7.
  private static Set<String> used() {
    Set<String> used = new TreeSet<>();
    for (String line : admin.info("commandstats").lines().toList()) {
      if (line.startsWith("cmdstat_")) {
        used.add(line.substring(8, line.indexOf(':')).toLowerCase(Locale.ROOT));
      }
    }
    return used;
  }

  private static Set<String> denied() {
    Set<String> denied = new TreeSet<>();
    for (Object entry : (List<?>) admin.sendCommand(Command.ACL, "LOG", "1000")) {
      List<String> fields =
          ((List<?>) entry)
              .stream()
                  .map(f ->
                      f instanceof byte[] text
                          ? new String(text, java.nio.charset.StandardCharsets.UTF_8)
                          : String.valueOf(f))
                  .toList();
      denied.add(fields.get(fields.indexOf("object") + 1));
    }
    return denied;
  }
}
