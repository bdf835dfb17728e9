package dev.piecework.cli.backend;

import dev.piecework.cli.output.Figures;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;

/** Changes how many workers there are, and says what will come of it. */
public final class Scaling {

  private Scaling() {}

  /**
   * Scales.
   *
   * @param pods how many there are to be; none is a pause
   * @throws Refusal when there is nothing to scale
   */
  public static void scale(Terminal terminal, Backend backend, int pods) {
    WorkersView view = backend.view().orElseThrow();
    if (view.isOver()) {
      throw Refusal.usage("Job '" + backend.name() + "' is over: there is nothing to scale");
    }
    backend.scale(pods);
    terminal.say(said(view, pods, backend.group()));
  }

  /** What was done, and what will come of it. Pure. */
  static String said(WorkersView view, int pods, String group) {
    String done =
        view.kind()
            + " '"
            + view.name()
            + "': "
            + Figures.count(pods, "pod")
            + ", "
            + Figures.number(view.wish().parallelism())
            + " before";
    if (!view.ends()) {
      return done;
    }
    Integer completions = view.wish().completions();
    if (completions == null) {
      return view.succeeded() > 0 && pods > view.wish().parallelism()
          ? done
              + "; but one has exited, and after that a Job without completions starts no more"
              + " pods"
          : done;
    }
    int left = completions - view.succeeded();
    return pods > left
        ? done
            + "; but completions ("
            + completions
            + ", never to be changed) leave room for "
            + left
            + " at once: for more, "
            + group
            + " delete "
            + view.name()
            + " --keep-redis, and the same submit with -p "
            + pods
            + " goes on where the queue is"
        : done;
  }
}
