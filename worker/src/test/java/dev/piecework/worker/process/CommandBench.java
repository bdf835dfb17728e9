package dev.piecework.worker.process;

import dev.piecework.worker.SlotLoop;
import dev.piecework.worker.internal.spawn.Scratch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Compares ways to run {@code true}: {@code CommandBench [items] [rounds] [all]}. Prints items per
 * second on two slots for each way, round by round; with a third argument also for the candidates
 * that were not chosen.
 */
final class CommandBench {
  private CommandBench() {}

  public static void main(String[] args) throws Exception {
    int items = args.length > 0 ? Integer.parseInt(args[0]) : 5000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    for (int round = 0; round < rounds; round++) {
      report("xargs -P2 -n1 true", items, () -> shell("seq " + items + " | xargs -P2 -n1 true"));
      report("spawner, 2 slots", items, () -> spawner(items));
      report("ProcessBuilder, 2 threads", items, () -> processBuilder(items));
      if (args.length > 2) {
        String files = " </dev/null >>$D/N.o 2>>$D/N.e";
        report("dash, foreground", items, () -> script("dash", "/bin/true N" + files, items));
        report(
            "dash, setsid each", items, () -> script("dash", "setsid /bin/true N" + files, items));
        report(
            "bash, set -m",
            items,
            () -> script("bash", "/bin/true N" + files + " & wait $!", items));
        String perl =
            "for my $n (1..N){my $p=fork;if(!$p){setpgrp(0,0);open STDIN,'<','/dev/null';"
                + "open STDOUT,'>>',\"$ENV{D}/$$.o\";open STDERR,'>>',\"$ENV{D}/$$.e\";"
                + "exec '/bin/true',$n}waitpid $p,0}";
        report("perl, setpgrp", items, () -> script("perl", perl, 0, items / 2));
        int fewer = items / 10;
        report("GNU parallel -j2", fewer, () -> shell("seq " + fewer + " | parallel -j2 true"));
      }
    }
  }

  private static void report(String name, int items, Callable<?> way) throws Exception {
    double cpu = cpuSeconds();
    long begin = System.nanoTime();
    way.call();
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.out.printf(
        "%-28s %6.0f items/s %6.0f us CPU per item%n",
        name, items / seconds, (cpuSeconds() - cpu) * 1e6 / items);
  }

  /**
   * Of this JVM and of all processes that it has waited for, with theirs: tells also under load.
   */
  private static double cpuSeconds() throws Exception {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    String[] rest = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    long ticks = 0;
    for (int field = 11; field <= 14; field++) {
      ticks += Long.parseLong(rest[field]);
    }
    return ticks / 100.0;
  }

  private static int shell(String text) throws Exception {
    return new ProcessBuilder("sh", "-c", text)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  /** Two interpreters at once, each with half of the items, a line for each; files in memory. */
  private static int script(String interpreter, String line, int items) throws Exception {
    return script(interpreter, line, 1, items / 2);
  }

  private static int script(String interpreter, String line, int from, int items) throws Exception {
    try (Scratch scratch = Scratch.open()) {
      inThreads(
          2,
          slot -> {
            Path folder = Files.createTempDirectory(scratch.folder(), "bench");
            StringBuilder text = new StringBuilder(from == 0 ? "" : "set -m\n");
            for (int n = from; n <= (from == 0 ? 0 : items); n++) {
              text.append(line.replace("N", Integer.toString(from == 0 ? items : n))).append('\n');
            }
            Path file = Files.writeString(folder.resolve("script"), text);
            ProcessBuilder builder =
                new ProcessBuilder("setsid", interpreter, file.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().put("D", folder.toString());
            builder.start().waitFor();
            return null;
          });
    }
    return items;
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
    inThreads(
        slots,
        slot -> {
          loop.run(slot, supply);
          return null;
        });
    if (supply.outcomes().size() != items) {
      throw new IllegalStateException("finished " + supply.outcomes().size() + " of " + items);
    }
    return items;
  }

  private static int processBuilder(int items) throws Exception {
    AtomicInteger next = new AtomicInteger();
    inThreads(
        2,
        slot -> {
          while (next.incrementAndGet() <= items) {
            Process process = new ProcessBuilder("true", next.toString()).start();
            process.getInputStream().readAllBytes();
            process.waitFor();
          }
          return null;
        });
    return items;
  }

  /** A task for each slot. */
  private interface Task {
    @Nullable Void run(int slot) throws Exception;
  }

  private static void inThreads(int slots, Task task) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(slots)) {
      List<Future<?>> all = new ArrayList<>();
      for (int slot = 0; slot < slots; slot++) {
        int number = slot;
        all.add(threads.submit(() -> task.run(number)));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
  }
}
