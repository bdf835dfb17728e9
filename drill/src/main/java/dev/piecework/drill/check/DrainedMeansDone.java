package dev.piecework.drill.check;

import dev.piecework.drill.history.Operation;
import dev.piecework.drill.history.Operation.Moment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * When somebody was told that the run is drained, every item that was in by then may have been
 * finished, and every producer that had opened may have closed.
 */
final class DrainedMeansDone implements Check {

  private record Span(String what, long in, long finished) {}

  @Override
  public void look(Ledger ledger, Findings findings) {
    Map<String, Long> finished = new HashMap<>();
    for (ItemStory item : ledger.items.values()) {
      if (!item.leases.isEmpty()) {
        finished.merge(item.leases.getFirst().payload(), item.mayBeFinishedFrom(), Math::min);
      }
    }
    List<Span> spans =
        ledger.filled.entrySet().stream()
            .filter(f -> f.getValue().certain())
            .filter(f -> !ledger.rollbacks.touch(f.getValue().when()))
            .map(f ->
                new Span(
                    f.getKey(),
                    f.getValue().when().ended(),
                    finished.getOrDefault(f.getKey(), Long.MAX_VALUE)))
            .toList();
    for (Operation told : ledger.history.operations()) {
      if (!told.script().equals("read_state") || !told.replied("DRAINED")) {
        continue;
      }
      for (Span span : spans) {
        if (span.in() < told.when().called() && span.finished() > told.when().ended()) {
          findings.add(Promise.DRAINED, told + " while '" + span.what() + "' was not finished");
          break;
        }
      }
      producers(ledger, told, findings);
    }
  }

  private static void producers(Ledger ledger, Operation told, Findings findings) {
    ledger.opened.forEach((source, opened) -> {
      Moment closed = ledger.closed.get(source);
      boolean open = closed == null || closed.called() > told.when().ended();
      if (opened.isBefore(told.when()) && open) {
        findings.add(Promise.DRAINED, told + " while source '" + source + "' was open");
      }
    });
  }
}
