package dev.piecework.cli.run;

import dev.piecework.ItemState;
import dev.piecework.PieceworkException;
import dev.piecework.WorkQueue;
import dev.piecework.worker.WorkerEnd;
import dev.piecework.worker.process.ResultLimits;

/** What a run says at its end where a setting is what its dead items died of. */
final class DeadHint {

  /** A bag may have millions of them; what is wrong with many is wrong with the first ones. */
  private static final int LOOKED_AT = 100;

  private DeadHint() {}

  /** Empty, or a part of the sentence. */
  static String of(WorkQueue queue, String name, WorkerEnd end) {
    if (!(end instanceof WorkerEnd.Drained drained) || drained.dead() == 0) {
      return "";
    }
    try (var dead = queue.admin().items(ItemState.DEAD)) {
      boolean tooLarge =
          dead.limit(LOOKED_AT).anyMatch(item -> ResultLimits.wereExceeded(item.error()));
      return tooLarge
          ? "; a result was over --result-max: piecework set "
              + name
              + " result-max=SIZE, then run it again with --resume --retry-dead -q "
              + name
          : "";
    } catch (PieceworkException cannotLook) {
      return ""; // how it ended is known, and more important
    }
  }
}
