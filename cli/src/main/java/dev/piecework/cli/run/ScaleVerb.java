package dev.piecework.cli.run;

import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.cli.verb.Verb;
import dev.piecework.embedded.EmbeddedRedis;
import dev.piecework.job.process.JobChange;
import dev.piecework.job.process.JobControl;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    footer = {
      "",
      "Of a Job that 'piecework run -f' runs on this machine. 0 is a clean pause: pods that run end,",
      "and count neither way. --suspend does the same and says so in the Job's status.",
      "",
      "Example:",
      "  piecework scale job-wq-2 8",
      "  piecework scale job-wq-2 --suspend"
    })
public final class ScaleVerb extends Verb {
  @Parameters(index = "0", paramLabel = "JOB", description = "The Job's name.")
  String job = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "N",
      description = "How many pods at a time.")
  @Nullable Integer pods;

  @Option(names = "--suspend", description = "Suspend the Job.")
  boolean suspend;

  @Option(names = "--resume", description = "Resume it.")
  boolean resume;

  @Override
  public ExitCode run(Terminal terminal) throws Exception {
    Path state = EmbeddedRedis.stateFolder();
    if (!JobControl.send(state, job, change())) {
      List<String> running = JobControl.running(state);
      throw Refusal.usage(
          "no Job named '"
              + Printable.typed(job, 60)
              + "' runs on this machine"
              + (running.isEmpty() ? "" : "; there is " + String.join(", ", running)));
    }
    return ExitCode.DONE;
  }

  private JobChange change() {
    int asked = (pods != null ? 1 : 0) + (suspend ? 1 : 0) + (resume ? 1 : 0);
    if (asked != 1) {
      throw Refusal.usage("say one of: a number of pods, --suspend, --resume");
    }
    if (pods == null) {
      return new JobChange.Suspend(suspend);
    }
    if (pods < 0) {
      throw Refusal.usage(pods + " pods: it cannot be less than 0");
    }
    return new JobChange.Parallelism(pods);
  }
}
