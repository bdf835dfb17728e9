package dev.piecework.worker;

import dev.piecework.WorkQueue;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A worker process of its own that does nothing for each item, and says what that cost: {@code
 * NoOpDrain uri queue slots [maxLot]}.
 */
public final class NoOpDrain {

  private NoOpDrain() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    try (WorkQueue queue = WorkQueue.open(args[0], args[1])) {
      Worker worker = Worker.on(queue).slots(Integer.parseInt(args[2]));
      if (args.length > 3) {
        worker = worker.maxBatch(Integer.parseInt(args[3]));
      }
      long began = System.nanoTime();
      RunningWorker running = worker.start(attempt -> Outcome.done());
      WorkerEnd end = running.await();
      double seconds = (System.nanoTime() - began) / 1e9;
      long done = running.counts().done();
      double cpu = cpuNanos() / 1e3 / Math.max(1, done);
      System.out.printf(
          Locale.ROOT,
          "%s: %d items in %.2f s = %.0f items/s, %.2f us CPU of the process per item, %s%n",
          end,
          done,
          seconds,
          done / seconds,
          cpu,
          peakMemory());
      System.exit(end instanceof WorkerEnd.Drained ? 0 : 3);
    }
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static String peakMemory() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("/proc/self/status"));
    return lines.stream().filter(line -> line.startsWith("VmHWM")).findFirst().orElse("VmHWM ?");
  }
}
