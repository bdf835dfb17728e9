package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.embedded.PrivateRedis;
import dev.piecework.testrun.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A worker in a container whose base is a C library and nothing else: commands are programs of the
 * user's, and there is no shell that could start them.
 */
@Needs({"podman", "runc", "busybox", "dash", "ldd", "ps"})
final class DistrolessIT {

  private static final String IMAGE = "piecework-distroless:test";

  /** Answers each line that it reads in capitals; one payload is its end. */
  private static final String HANDLER =
      """
      { match($0, /"id":"[^"]*"/); id = substr($0, RSTART, RLENGTH)
        match($0, /"payload":"[^"]*"/); payload = substr($0, RSTART + 11, RLENGTH - 12)
        if (payload == "poison") { print "that hurt" >"/dev/stderr"; exit 9 }
        print "{" id ",\\"result\\":\\"" toupper(payload) "\\"}"; fflush() }
      """;

  @TempDir static Path folder;
  private static Containers containers;

  @RegisterExtension final Piecework piecework = new Piecework();
  private PrivateRedis redis;

  @BeforeAll
  static void makeTheImage() throws Exception {
    containers = new Containers();
    // Two that are linked dynamically and one statically, none where a system has its commands.
    Path programs = Files.createDirectory(folder.resolve("programs"));
    for (String program : List.of("/usr/bin/sleep", "/usr/bin/cat", "/usr/bin/busybox")) {
      Path file = Path.of(program);
      Files.copy(
          file.toRealPath(),
          programs.resolve(file.getFileName()),
          StandardCopyOption.COPY_ATTRIBUTES);
    }
    Files.writeString(programs.resolve("handler.awk"), HANDLER);
    String base = TestBases.distroless().tar(folder.resolve("base.tar"));
    containers.make(IMAGE, base, programs);
  }

  @AfterAll
  static void removeAll() throws Exception {
    containers.close();
  }

  @BeforeEach
  void startRedis() {
    redis = PrivateRedis.started();
    piecework.with("REDIS_URL", redis.uri());
  }

  @AfterEach
  void stopRedis() {
    redis.close();
  }

  private String[] work(String... words) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--read-only", "--tmpfs", "/tmp", "-e", "REDIS_URL=" + redis.uri(), IMAGE, "work"));
    all.addAll(List.of(words));
    return all.toArray(String[]::new);
  }

  @Test
  void thereIsNoShell() throws Exception {
    Containers.Said said = containers.run("--entrypoint", "/bin/sh", IMAGE, "-c", "exit 0");

    assertThat(said.code()).as(said.text()).isEqualTo(127);
  }

  @Test
  void runsACommandPerItemAsNobodyAndSaysNothingElse() throws Exception {
    piecework.here("fill", "q", "Ängström", "b c").expect(0);
    piecework.here("fill", "who", "x").expect(0);

    Containers.Said ended =
        containers.run(work("q", "--", "./busybox", "echo", "hello {}")).expect(0);
    containers.run(work("who", "--stdin", "--", "./busybox", "id", "-u")).expect(0);

    assertThat(ended.text()).doesNotContain("WARNING").contains("drained: 2 done");
    assertThat(piecework.here("results", "q", "-o", "raw").expect(0).out())
        .contains("hello Ängström", "hello b c");
    assertThat(piecework.here("results", "who", "-o", "raw").expect(0).out()).contains("65532");
  }

  @Test
  void payloadsGoThroughStandardInputInBatches() throws Exception {
    piecework.here("fill", "q", "a", "b", "c").expect(0);

    containers.run(work("q", "--batch", "3", "--stdin", "--", "./cat")).expect(0);

    assertThat(piecework.here("results", "q", "-o", "raw").expect(0).out()).contains("a", "b", "c");
  }

  @Test
  void feedsAHandlerAndChargesTheItemThatKillsIt() throws Exception {
    piecework.here("fill", "q", "apple", "poison", "cherry").expect(0);

    containers
        .run(
            work(
                "q",
                "--slots",
                "1",
                "--attempts",
                "1",
                "--fail-on-dead",
                "--child",
                "--",
                "./busybox",
                "awk",
                "-f",
                "handler.awk"))
        .expect(1);

    assertThat(piecework.here("results", "q", "-o", "raw").expect(0).out())
        .contains("APPLE", "CHERRY");
    assertThat(piecework.here("items", "q", "--state", "dead", "-o", "json").expect(0).out())
        .contains("poison", "exit code 9", "that hurt");
  }

  @Test
  void aTimeoutIsAFailedAttempt() throws Exception {
    piecework.here("fill", "q", "600").expect(0);

    containers
        .run(work("q", "--timeout", "1s", "--attempts", "1", "--fail-on-dead", "--", "./sleep"))
        .expect(1);

    assertThat(piecework.here("items", "q", "--state", "dead", "-o", "json").expect(0).out())
        .contains("timeout");
  }

  @Test
  void givesBackItsItemsAndExits143WhenToldToStop() throws Exception {
    piecework.here("fill", "q", "600", "600", "600").expect(0);
    containers.start("told", work("q", "--slots", "2", "--grace", "0s", "--", "./sleep", "{}"));
    await()
        .atMost(Piecework.TIMEOUT)
        .until(() -> piecework.here("status", "q", "-o", "json").out().contains("\"leased\":2"));

    containers.podman("kill", "--signal", "TERM", "told").expect(0);

    assertThat(containers.exitCode("told")).as(containers.logs("told")).isEqualTo(143);
    assertThat(piecework.here("status", "q", "-o", "json").expect(0).out())
        .contains("\"waiting\":3,\"leased\":0", "\"sessions\":[]");
  }

  /** Nobody guards its commands there: that they end with process 1 is the kernel's promise. */
  @Test
  void theDeathOfTheWorkerLeavesNoCommand() throws Exception {
    String marker = "98765" + ProcessHandle.current().pid();
    piecework.here("fill", "q", marker).expect(0);
    containers.start("shot", work("q", "--slots", "1", "--", "./sleep", "{}"));
    await().atMost(Piecework.TIMEOUT).until(() -> !sleeping(marker).isEmpty());

    containers.podman("kill", "--signal", "KILL", "shot").expect(0);

    assertThat(containers.exitCode("shot")).isEqualTo(137);
    await().atMost(Piecework.TIMEOUT).until(() -> sleeping(marker).isEmpty());
  }

  private static List<String> sleeping(String marker) throws Exception {
    Containers.Said all = Containers.program("ps", "-ewwo", "args");
    return all.text().lines().filter(line -> line.endsWith("sleep " + marker)).toList();
  }

  @Test
  void theOrphansOfItsCommandsLeaveNoZombies() throws Exception {
    int items = 20;
    piecework.runWith("x\n".repeat(items), "fill", "q", "--from", "-").expect(0);
    containers.start(
        "orphans",
        work(
            "q",
            "--forever",
            "--slots",
            "1",
            "--",
            "./busybox",
            "sh",
            "-c",
            "./busybox setsid ./busybox sleep 0 & exec ./cat /dev/null"));
    await()
        .atMost(Piecework.TIMEOUT)
        .until(
            () -> piecework.here("status", "q", "-o", "json").out().contains("\"done\":" + items));

    await().atMost(Piecework.TIMEOUT).until(() -> zombies("orphans") == 0);
    containers.podman("rm", "-f", "-t", "0", "orphans").expect(0);
  }

  private static int zombies(String container) throws Exception {
    Containers.Said all =
        containers
            .podman("exec", container, "./busybox", "sh", "-c", "./cat /proc/[0-9]*/stat")
            .expect(0);
    return (int) all.text().lines().filter(line -> line.contains(") Z 1 ")).count();
  }
}
