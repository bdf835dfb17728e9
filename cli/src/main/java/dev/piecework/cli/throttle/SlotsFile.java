package dev.piecework.cli.throttle;

import dev.piecework.cli.output.Figures;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.worker.RunningWorker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A file that says in how many slots a worker works, looked at once a second.
 *
 * @param path null for none
 * @param first what it said when the worker was started: a person may have set another number since
 * @param fitting as many as can be had of those that the file asks for
 */
public record SlotsFile(@Nullable Path path, String first, IntUnaryOperator fitting) {

  private static final int LONGEST = 100;

  /** What it says now. */
  static String text(Path path) {
    try (var in = Files.newInputStream(path)) {
      return new String(in.readNBytes(LONGEST), java.nio.charset.StandardCharsets.UTF_8).strip();
    } catch (IOException cannotRead) {
      throw Refusal.usage(
          "--slots-file " + path + " cannot be read: " + cannotRead.getMessage(), cannotRead);
    }
  }

  /** From now on this worker does what the file says; what it does not understand it says once. */
  public void follow(RunningWorker worker, Terminal terminal) {
    if (path == null) {
      return;
    }
    CountDownLatch over = new CountDownLatch(1);
    var _ = worker.onEnd().thenRun(over::countDown);
    Thread.ofPlatform()
        .daemon()
        .name("slots-file")
        .start(() -> {
          try {
            look(path, worker, terminal, over);
          } catch (InterruptedException ended) {
            // The worker goes on as it is.
          }
        });
  }

  private void look(Path path, RunningWorker worker, Terminal terminal, CountDownLatch over)
      throws InterruptedException {
    String seen = first;
    String problem = "";
    while (!over.await(1, TimeUnit.SECONDS)) {
      try {
        String said = text(path);
        int wanted = SlotsOption.count(said);
        problem = "";
        if (!said.equals(seen)) {
          seen = said;
          change(worker, fitting.applyAsInt(wanted), terminal);
        }
      } catch (RuntimeException refused) { // or Redis is away: known is it here all the same
        String why = Printable.line(String.valueOf(refused.getMessage()), 200);
        if (!why.equals(problem)) {
          terminal.say(why + "; going on in " + Figures.count(worker.slots(), "slot"));
        }
        problem = why;
      }
    }
  }

  private static void change(RunningWorker worker, int wanted, Terminal terminal) {
    if (wanted != worker.slots()) {
      terminal.say("working in " + Figures.count(wanted, "slot") + " from now on");
      worker.slots(wanted);
    }
  }
}
