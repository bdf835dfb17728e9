package dev.piecework.cli.kube;

import dev.piecework.cli.output.Figures;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.kubernetes.cluster.Cluster;
import dev.piecework.kubernetes.cluster.Workload;
import dev.piecework.kubernetes.cluster.WorkloadView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    footer = {
      "",
      "Workers that are told to stop give back what they hold. 0 is a pause: no pod runs.",
      "",
      "Example:",
      "  piecework kube scale job2 20"
    })
public final class KubeScaleVerb extends KubeVerb {

  @Parameters(index = "1", paramLabel = "N", description = "How many pods.")
  int pods;

  @Override
  ExitCode run(Terminal terminal, Cluster cluster) {
    if (pods < 0) {
      throw Refusal.usage(pods + " pods: it cannot be less than 0");
    }
    Workload workload = workload(cluster);
    WorkloadView view = workload.view().orElseThrow();
    if (view.isOver()) {
      throw Refusal.usage("Job '" + name + "' is over: there is nothing to scale");
    }
    workload.scale(pods);
    terminal.say(said(view, pods));
    return ExitCode.DONE;
  }

  /** What was done, and what will come of it. Pure. */
  static String said(WorkloadView view, int pods) {
    String done =
        view.kind()
            + " '"
            + view.name()
            + "': "
            + Figures.count(pods, "pod")
            + ", "
            + Figures.number(view.wish().parallelism())
            + " before";
    if (!view.isJob()) {
      return done;
    }
    Integer completions = view.wish().completions();
    if (completions == null) {
      return view.pods().succeeded() > 0 && pods > view.wish().parallelism()
          ? done
              + "; but one has exited, and after that a Job without completions starts no more"
              + " pods"
          : done;
    }
    int left = completions - view.pods().succeeded();
    return pods > left
        ? done
            + "; but completions ("
            + completions
            + ", never to be changed) leave room for "
            + left
            + " at once: for more, kube delete "
            + view.name()
            + " --keep-redis, and the same submit with -p "
            + pods
            + " goes on where the queue is"
        : done;
  }
}
