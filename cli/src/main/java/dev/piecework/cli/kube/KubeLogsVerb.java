package dev.piecework.cli.kube;

import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.kubernetes.cluster.Cluster;
import dev.piecework.kubernetes.cluster.PodLogs;
import dev.piecework.kubernetes.cluster.Workload;
import dev.piecework.kubernetes.cluster.WorkloadView;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    footer = {
      "",
      "Each line comes with the name of its pod. With -f it goes on until the Job is over.",
      "",
      "Example:",
      "  piecework kube logs job2 -f"
    })
public final class KubeLogsVerb extends KubeVerb {

  private static final long PAUSE_MILLIS = 1_000;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on until the Job is over.")
  boolean follow;

  @Override
  ExitCode run(Terminal terminal, Cluster cluster) throws Exception {
    Workload workload = workload(cluster);
    try (PodLogs logs =
        workload.logs((pod, line) -> {
          String text = pod + ": " + line;
          terminal.print(terminal.outIsTerminal() ? Printable.line(text, 4_000) : text);
          terminal.flush();
        })) {
      if (!follow) {
        logs.printOnce();
        return ExitCode.DONE;
      }
      CountDownLatch never = new CountDownLatch(1);
      int looksSinceOver = 0;
      while (looksSinceOver < 2 || logs.isReading()) {
        logs.follow();
        boolean over = workload.view().map(WorkloadView::isOver).orElse(true);
        looksSinceOver += over ? 1 : 0;
        if (never.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
          break;
        }
      }
      return ExitCode.DONE;
    }
  }
}
