package dev.piecework.cli;

import dev.piecework.DeadItems;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which dead items are meant. */
final class WhichDead {

  @Option(names = "--all", description = "All dead items.")
  boolean all;

  @Option(names = "--id", paramLabel = "ID", description = "The one with this id.")
  @Nullable String id;

  @Option(
      names = "--error",
      paramLabel = "TEXT",
      description = "Those whose last error contains this text.")
  @Nullable String error;

  DeadItems chosen() {
    int said = (all ? 1 : 0) + (id != null ? 1 : 0) + (error != null ? 1 : 0);
    if (said != 1) {
      throw Refusal.usage("say which dead items: one of --all, --id ID, --error TEXT");
    }
    if (id != null) {
      return new DeadItems.WithId(id);
    }
    return error != null ? new DeadItems.WithError(error) : new DeadItems.All();
  }

  /** Asking for one that is not dead is a mistake worth saying. */
  void requireFound(long found, String queue) {
    if (found == 0 && id != null) {
      throw Refusal.usage(
          "no dead item '"
              + Printable.line(id, 100)
              + "'; see piecework items "
              + queue
              + " --state dead");
    }
  }
}
