package dev.piecework.drill.check;

import dev.piecework.drill.history.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whenever somebody read the state of the queue, all that was in it by then was somewhere; and in
 * the end each item is done or dead, and the queue counts them so.
 */
final class NothingIsLost implements Check {

  private static final Set<String> OF_THE_RUN =
      Set.of("READY", "WAIT", "PAUSED", "FULL", "DRAINED", "INCOMPLETE");

  @Override
  public void look(Ledger ledger, Findings findings) {
    List<Operation> reads =
        ledger.history.operations().stream()
            .filter(o -> o.script().equals("read_state") && o.replied("DRAINED"))
            .toList();
    if (reads.isEmpty()) {
      findings.add(Promise.NOTHING_LOST, "the queue was never seen drained");
    } else {
      everyItem(ledger, findings); // first, for it says most
      counts(ledger, reads.getLast(), findings);
    }
    ledger.vanished.forEach(what -> findings.add(Promise.NOTHING_LOST, what));
    ledger.overtakenByNobody().forEach(what -> findings.add(Promise.NOTHING_LOST, what));
    sums(ledger, findings);
  }

  private static void sums(Ledger ledger, Findings findings) {
    long[] surely =
        ledger.everythingFilled().stream()
            .filter(Ledger.Filled::certain)
            .filter(f -> !ledger.rollbacks.touch(f.when()))
            .mapToLong(f -> f.when().ended())
            .sorted()
            .toArray();
    long[] perhaps =
        ledger.everythingFilled().stream().mapToLong(f -> f.when().called()).sorted().toArray();
    for (Operation read : ledger.history.operations()) {
      if (!read.script().equals("read_state") || !OF_THE_RUN.contains(read.word())) {
        continue;
      }
      long sum = 0;
      for (int part = 2; part <= 7; part++) {
        sum += read.number(part);
      }
      long least = before(surely, read.when().called());
      long most = before(perhaps, read.when().ended());
      if ((sum < least && !ledger.rollbacks.touch(read.when())) || sum > most) {
        findings.add(
            Promise.NOTHING_LOST,
            String.format(
                "%s counted %d items (waiting %d, leased %d, delayed %d, done %d, dead %d), there"
                    + " were %d to %d",
                read,
                sum,
                read.number(2),
                read.number(3),
                read.number(4),
                read.number(5),
                read.number(6),
                least,
                most));
      }
    }
  }

  private static long before(long[] sorted, long time) {
    int at = Arrays.binarySearch(sorted, time);
    return at >= 0 ? at : -at - 1;
  }

  private static void everyItem(Ledger ledger, Findings findings) {
    Map<String, List<ItemStory>> byPayload = new HashMap<>();
    for (ItemStory item : ledger.items.values()) {
      if (!item.leases.isEmpty()) {
        byPayload
            .computeIfAbsent(item.leases.getFirst().payload(), p -> new ArrayList<>())
            .add(item);
      }
    }
    ledger.filled.forEach((payload, filled) -> {
      List<ItemStory> stories = byPayload.remove(payload);
      boolean sure = filled.certain() && !ledger.rollbacks.touch(filled.when());
      if (stories == null && sure) {
        findings.add(Promise.NOTHING_LOST, "'" + payload + "' was filled and never leased");
      } else if (stories != null && ledger.rollbacks.any()) {
        // An item gets its number again: its story is in two.
        if (stories.stream().noneMatch(NothingIsLost::isFinished)) {
          findings.add(Promise.NOTHING_LOST, "neither done nor dead: " + stories);
        }
      } else if (stories != null) {
        severalIds(ledger, payload, stories, findings);
      }
    });
    byPayload.forEach((payload, stories) ->
        findings.add(
            Promise.NOTHING_LOST, "'" + payload + "' was leased and never filled: " + stories));
  }

  private static void severalIds(
      Ledger ledger, String payload, List<ItemStory> stories, Findings findings) {
    stories.stream()
        .filter(story -> !isFinished(story))
        .forEach(story -> findings.add(Promise.NOTHING_LOST, "neither done nor dead: " + story));
    List<Ledger.Filled> twins = ledger.twins.getOrDefault(payload, List.of());
    long sure = 1 + twins.stream().filter(Ledger.Filled::certain).count();
    if (stories.size() > 1 + twins.size()) {
      findings.add(Promise.ONE_HOLDER, "'" + payload + "' has several ids: " + stories);
    } else if (stories.size() < sure) {
      findings.add(Promise.NOTHING_LOST, sure + " times '" + payload + "' became only " + stories);
    }
  }

  private static boolean isFinished(ItemStory item) {
    return item.mayBeCommitted()
        || !item.deaths.isEmpty()
        || item.mayBeFinishedFrom() < Long.MAX_VALUE;
  }

  private static void counts(Ledger ledger, Operation last, Findings findings) {
    long surely = 0;
    long perhaps = 0;
    for (ItemStory item : ledger.items.values()) {
      boolean certain =
          item.commits().stream().anyMatch(end -> !ledger.rollbacks.touch(end.when()));
      surely += certain ? 1 : 0;
      perhaps += item.mayBeCommitted() ? 1 : 0;
    }
    long done = last.number(5);
    if (done < surely || done > perhaps) {
      findings.add(
          Promise.NOTHING_LOST,
          "the queue counts " + done + " done, its workers " + surely + " to " + perhaps);
    }
  }
}
