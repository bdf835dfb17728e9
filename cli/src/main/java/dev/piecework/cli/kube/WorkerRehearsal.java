package dev.piecework.cli.kube;

import dev.piecework.Item;
import dev.piecework.WorkQueue;
import dev.piecework.cli.verb.Printable;
import dev.piecework.embedded.PrivateRedis;
import dev.piecework.kubernetes.image.Rehearsal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A worker does three items of a queue in a Redis of its own, as it would in a pod. */
final class WorkerRehearsal implements Rehearsal {

  // It takes some seconds; minutes where much else runs.
  private static final long SECONDS = 300;
  private static final List<String> MEANT_FOR_US =
      List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "PIECEWORK_REDIS");

  @Override
  public void perform(List<String> java) throws IOException, InterruptedException {
    Path said = Files.createTempFile("piecework-rehearsal-", ".log");
    try (PrivateRedis redis = PrivateRedis.started()) {
      try (WorkQueue queue = WorkQueue.open(redis.uri(), "rehearsal")) {
        queue.fill(Stream.of("1", "2", "3").map(Item::of));
      }
      List<String> command = new ArrayList<>(java);
      command.addAll(
          List.of("work", "rehearsal", "--slots", "1", "--health-port", "0", "-o", "json"));
      // As pods have it, but for the metrics, which some do.
      command.addAll(List.of("--metrics-port", "0", "--log", "json"));
      command.addAll(List.of("--", "true", "{}"));
      ProcessBuilder worker =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
      worker.environment().keySet().removeAll(MEANT_FOR_US);
      worker.environment().put("REDIS_URL", redis.uri());
      Process process = worker.start();
      process.getOutputStream().close();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("the worker tried here did not come to its end");
      }
      if (process.exitValue() != 0) {
        throw new IOException(
            "the worker tried here exited " + process.exitValue() + ": " + lastLine(said));
      }
    } finally {
      Files.deleteIfExists(said);
    }
  }

  private static String lastLine(Path file) throws IOException {
    List<String> lines =
        new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip().lines().toList();
    return lines.isEmpty() ? "in silence" : Printable.line(lines.getLast(), 200);
  }
}
