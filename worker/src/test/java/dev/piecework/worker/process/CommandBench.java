package dev.piecework.worker.process;

import dev.piecework.worker.SlotLoop;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Compares ways to run {@code true}: {@code CommandBench [items] [rounds]}. Prints items per second
 * on two slots for each way, round by round.
 */
final class CommandBench {
  private CommandBench() {}

  public static void main(String[] args) throws Exception {
    int items = args.length > 0 ? Integer.parseInt(args[0]) : 5000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    for (int round = 0; round < rounds; round++) {
      report("xargs -P2 -n1 true", items, () -> xargs(items));
      report("spawner, 2 slots", items, () -> spawner(items));
      report("ProcessBuilder, 2 threads", items, () -> processBuilder(items));
    }
  }

  private static void report(String name, int items, Callable<?> way) throws Exception {
    long begin = System.nanoTime();
    way.call();
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.out.printf("%-28s %6.0f items/s%n", name, items / seconds);
  }

  private static int xargs(int items) throws Exception {
    Process process =
        new ProcessBuilder("sh", "-c", "seq " + items + " | xargs -P2 -n1 true").start();
    return process.waitFor();
  }

  private static int spawner(int items) throws Exception {
    CommandConfig config = CommandConfig.of(CommandTemplate.of(List.of("true")), "bench");
    return drive(new CommandLoop(config), items, 2);
  }

  /** Drives a loop's slots over items 1..n, and counts what was finished. */
  static int drive(SlotLoop loop, int items, int slots) throws Exception {
    List<byte[]> payloads = new ArrayList<>(items);
    for (int i = 1; i <= items; i++) {
      payloads.add(Integer.toString(i).getBytes(StandardCharsets.US_ASCII));
    }
    FakeSupply supply = new FakeSupply(payloads);
    try (ExecutorService threads = Executors.newFixedThreadPool(slots)) {
      for (int slot = 0; slot < slots; slot++) {
        int number = slot;
        threads.submit(() -> {
          loop.run(number, supply);
          return null;
        });
      }
    }
    if (supply.outcomes().size() != items) {
      throw new IllegalStateException("finished " + supply.outcomes().size() + " of " + items);
    }
    return items;
  }

  private static int processBuilder(int items) throws Exception {
    AtomicInteger next = new AtomicInteger();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (int slot = 0; slot < 2; slot++) {
        threads.submit(() -> {
          while (next.incrementAndGet() <= items) {
            Process process = new ProcessBuilder("true", next.toString()).start();
            process.getInputStream().readAllBytes();
            process.waitFor();
          }
          return null;
        });
      }
    }
    return items;
  }
}
