package dev.piecework.cli.queue;

import dev.piecework.DeadItems;
import dev.piecework.WorkQueue;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which items are meant: some of the dead, or one by its id. */
final class WhichDead {

  @Option(names = "--all", description = "All dead items: those that are dead now.")
  boolean all;

  @Option(names = "--id", paramLabel = "ID", description = "The one with this id.")
  @Nullable String id;

  @Option(
      names = "--error",
      paramLabel = "TEXT",
      description = "The dead items whose last error contains this text.")
  @Nullable String error;

  @Option(
      names = "--group",
      paramLabel = "G",
      description =
          "The dead items of this failure group, by its number or a beginning of that: see"
              + " piecework items QUEUE --group.")
  @Nullable String group;

  /**
   * Exactly one thing is asked for.
   *
   * @param other whether something else than these was
   * @param further how that is asked for, with a comma before it, if there is any
   */
  void check(boolean other, String further) {
    long said =
        Stream.of(all, id != null, error != null, group != null, other).filter(b -> b).count();
    if (said != 1) {
      throw Refusal.usage(
          "say which items: one of --all, --id ID, --error TEXT, --group G" + further);
    }
    if (id != null && id.isEmpty()) {
      throw Refusal.usage("--id '': no item has an empty id; is a variable not set?");
    }
    if (error != null && error.isEmpty()) {
      throw Refusal.usage("--error '' is in every error: say --all for all dead items");
    }
  }

  /** Those of the dead that are meant, when it is not one by its id. */
  DeadItems chosen(WorkQueue open) {
    if (group != null) {
      return new DeadItems.InGroup(GroupChoice.of(open, group).id());
    }
    return error != null ? new DeadItems.WithError(error) : new DeadItems.All();
  }

  /** Asking for one that is not there is a mistake worth saying. */
  Refusal notThere(String queue, String what, String look) {
    return Refusal.usage(
        "no "
            + what
            + " '"
            + Printable.typed(String.valueOf(id), 100)
            + "'; see piecework items "
            + queue
            + look);
  }
}
