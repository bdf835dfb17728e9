package dev.piecework.worker;

import dev.piecework.Item;
import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.QueueStatus.Counts;
import dev.piecework.WorkQueue;
import dev.piecework.embedded.PrivateRedis;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** A Redis, a queue in it, and worker processes that may be killed; all gone after the test. */
@Timeout(600)
abstract class OnRedis {

  // With everysec each fill waits for the next second.
  final PrivateRedis redis =
      PrivateRedis.builder().appendOnly(true).config("appendfsync", "always").start();
  private final List<AutoCloseable> opened = new ArrayList<>();

  /** Short times, so that what expires does so within a test. */
  static final QueueSettings QUICK =
      QueueSettings.DEFAULTS
          .withLeaseTimeout(Duration.ofMillis(600))
          .withBackoff(Duration.ofMillis(1), Duration.ofMillis(20));

  WorkQueue open(QueueSettings settings) {
    return open(QueueConfig.of(redis.uri(), "bag").withSettings(settings));
  }

  WorkQueue open(QueueConfig config) {
    WorkQueue queue = WorkQueue.open(config);
    opened.add(queue);
    return queue;
  }

  WorkQueue quick() {
    return open(QUICK);
  }

  static void fill(WorkQueue queue, int items) {
    queue.fill(IntStream.rangeClosed(1, items).mapToObj(i -> Item.of("item " + i)));
  }

  static Counts counts(WorkQueue queue) {
    return queue.admin().status().counts();
  }

  /** Closed after the test, whatever becomes of it. */
  RunningWorker running(RunningWorker worker) {
    opened.add(worker);
    return worker;
  }

  /** Another process, with this class's main. */
  Process java(Class<?> main, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx128m");
    command.add("-cp");
    command.add(System.getProperty("java.class.path").replace("::", File.pathSeparator));
    command.add(main.getName());
    command.addAll(List.of(args));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    opened.add(process::destroyForcibly);
    return process;
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
    redis.close();
  }
}
