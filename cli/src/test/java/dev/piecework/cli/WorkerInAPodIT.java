package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.embedded.PrivateRedis;
import dev.piecework.testrun.Needs;
import dev.piecework.testrun.SpanReceiver;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A worker in a container as a cluster runs it: no root, a root file system that is read-only. */
@Needs({"podman", "runc", "dash", "ldd"})
final class WorkerInAPodIT {

  private static final String IMAGE = "piecework-worker:test";

  @TempDir static Path folder;
  private static Containers containers;

  @RegisterExtension final Piecework piecework = new Piecework();
  private PrivateRedis redis;

  @BeforeAll
  static void makeTheImage() throws Exception {
    containers = new Containers();
    Path scripts = Files.createDirectory(folder.resolve("scripts"));
    Path script = scripts.resolve("greet.sh");
    Files.writeString(script, "#!/bin/sh\nprintf 'hello %s from %s' \"$1\" \"$(id -u)\"\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    String base = TestBases.plain().tar(folder.resolve("base.tar"));
    containers.make(IMAGE, base, scripts);
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

  /** Arguments of a container that runs the verb {@code work}. */
  private String[] work(List<String> options, String... words) {
    List<String> all =
        new ArrayList<>(
            List.of("--read-only", "--tmpfs", "/tmp", "-e", "REDIS_URL=" + redis.uri()));
    all.addAll(options);
    all.addAll(List.of(IMAGE, "work"));
    all.addAll(List.of(words));
    return all.toArray(String[]::new);
  }

  @Test
  void doesABagAsNobodyInTheFolderOfItsFiles() throws Exception {
    piecework.here("fill", "q", "Ängström", "b c").expect(0);

    containers.run(work(List.of(), "q", "--", "./greet.sh", "{}")).expect(0);

    assertThat(piecework.here("results", "q", "-o", "raw").expect(0).out())
        .contains("hello Ängström from 65532", "hello b c from 65532");
  }

  @Test
  void givesBackItsItemsAndExits143WhenToldToStop() throws Exception {
    piecework.here("fill", "q", "1", "2", "3", "4").expect(0);
    Path log = Files.createFile(piecework.file("termination-log"));
    Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-rw-rw-"));
    containers.start(
        "told",
        work(
            List.of("-v", log + ":/dev/termination-log", "-e", "POD_NAME=job2-x7k2p"),
            "q",
            "--slots",
            "2",
            "--grace",
            "0s",
            "--",
            "sleep",
            "600"));
    await()
        .atMost(Piecework.TIMEOUT)
        .until(() -> piecework.here("status", "q", "-o", "json").out().contains("\"leased\":2"));
    // The pod's name tells people which it is; a part that is new in each life tells Redis.
    assertThat(piecework.here("status", "q").out()).contains("job2-x7k2p");

    containers.podman("kill", "--signal", "TERM", "told").expect(0);

    assertThat(containers.exitCode("told")).as(containers.logs("told")).isEqualTo(143);
    assertThat(piecework.here("status", "q", "-o", "json").expect(0).out())
        .contains("\"waiting\":4,\"leased\":0", "\"sessions\":[]");
    assertThat(Files.readString(log)).startsWith("q: stopped; ").contains("given back");
  }

  /** By the variables alone, with the Java that {@code kube image} puts beside a base. */
  @Test
  void sendsTracesToWhereItsVariablesSay() throws Exception {
    piecework.here("fill", "q", "1").expect(0);
    try (SpanReceiver receiver = new SpanReceiver()) {
      String endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT=" + receiver.endpoint();

      Containers.Said ended =
          containers.run(
              work(
                  List.of("-e", endpoint, "-e", "OTEL_TRACES_SAMPLER=always_on"),
                  "q",
                  "--sh",
                  "printf %s \"$TRACEPARENT\""));

      ended.expect(0);
      String seen = piecework.here("results", "q", "-o", "raw").expect(0).out();
      assertThat(receiver.spans()).singleElement().satisfies(span -> {
        assertThat(span.getName()).isEqualTo("process q");
        assertThat(seen).contains(SpanReceiver.traceOf(span));
      });
    }
  }

  @Test
  void takesAsManySlotsAsTheCpuLimitAllows() throws Exception {
    piecework.here("fill", "q", "1").expect(0);

    assertThat(containers.run(work(List.of("--cpus", "1"), "q", "--", "head", "-c0")).text())
        .contains("working on q in 1 slot,");
  }

  @Test
  void aCommandThatEatsTheMemoryCostsItsItemAndNotTheWorker() throws Exception {
    piecework.here("fill", "q", "/dev/zero", "/dev/null").expect(0);

    Containers.Said ended =
        containers.run(
            work(
                List.of("--memory", "192m", "--memory-swap", "192m"),
                "q",
                "--slots",
                "1",
                "--attempts",
                "1",
                "--fail-on-dead",
                "--",
                "tail",
                "{}"));

    ended.expect(1);
    assertThat(ended.text()).contains("drained: 1 done, 1 dead");
    assertThat(piecework.here("items", "q", "--state", "dead", "-o", "json").expect(0).out())
        .contains("/dev/zero")
        .containsIgnoringCase("kill");
  }

  /**
   * A pod whose commands leave children behind came to its limit of processes: process 1 was a JVM,
   * which waits for no process but its own.
   */
  @Test
  void theOrphansOfItsCommandsLeaveNoZombies() throws Exception {
    int items = 40;
    piecework.runWith("x\n".repeat(items), "fill", "q", "--from", "-").expect(0);
    containers.start(
        "orphans",
        work(
            List.of(),
            "q",
            "--forever",
            "--slots",
            "1",
            "--sh",
            "setsid sleep 0 & exec cat /dev/null"));
    await()
        .atMost(Piecework.TIMEOUT)
        .until(
            () -> piecework.here("status", "q", "-o", "json").out().contains("\"done\":" + items));

    await().atMost(Piecework.TIMEOUT).until(() -> zombies("orphans") == 0);
    containers.podman("rm", "-f", "-t", "0", "orphans").expect(0);
  }

  private static int zombies(String container) throws Exception {
    Containers.Said all =
        containers.podman("exec", container, "sh", "-c", "cat /proc/[0-9]*/stat").expect(0);
    return (int) all.text().lines().filter(line -> line.contains(") Z 1 ")).count();
  }

  @Test
  void answersALivenessProbe() throws Exception {
    int port = PrivateRedis.freePort();
    containers.start(
        "healthy",
        work(
            List.of(), "q", "--forever", "--health-port", String.valueOf(port), "--", "cat", "{}"));
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI health = URI.create("http://127.0.0.1:" + port + "/healthz");
      await()
          .atMost(Piecework.TIMEOUT)
          .ignoreExceptions()
          .until(() -> status(client, health) == 200);
      assertThat(status(client, health.resolve("/other"))).isEqualTo(404);
    }
    containers.podman("rm", "-f", "-t", "0", "healthy").expect(0);
  }

  private static int status(HttpClient client, URI uri) throws Exception {
    return client
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void startsWithTheClassesThatWereRecordedForIt() throws Exception {
    // In this mode Java refuses to start when the cache does not fit.
    containers.run("-e", "_JAVA_OPTIONS=-XX:AOTMode=on", IMAGE, "--version").expect(0);
  }

  @Test
  void saysWhyItCouldNotBegin() throws Exception {
    Path log = Files.createFile(piecework.file("termination-log"));
    Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-rw-rw-"));
    String nowhere = "redis://127.0.0.1:" + PrivateRedis.freePort();

    containers
        .run(
            "-v",
            log + ":/dev/termination-log",
            "-e",
            "REDIS_URL=" + nowhere,
            IMAGE,
            "work",
            "q",
            "--redis-timeout",
            "100ms",
            "--",
            "cat")
        .expect(4);

    assertThat(Files.readString(log)).startsWith("piecework work: ").hasLineCount(1);
  }
}
