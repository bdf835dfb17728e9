package dev.piecework.drill.check;

import dev.piecework.drill.history.Operation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The results that were read after the end: one for each commit, under the token of the lease that
 * it ended, with that item's payload. Where none were read there is nothing to check.
 */
final class ResultsAreCompletions implements Check {

  private record Entry(String id, long token, String payload) {

    static Entry parse(String entry) {
      int line = entry.indexOf('\n');
      String[] header = entry.substring(0, line).split("\t", -1);
      int length = Integer.parseInt(header[7]);
      return new Entry(
          header[0], Long.parseLong(header[1]), entry.substring(line + 1, line + 1 + length));
    }
  }

  @Override
  public void look(Ledger ledger, Findings findings) {
    List<Operation> reads =
        ledger.history.operations().stream()
            .filter(o -> o.script().equals("read_results") && o.replied("OK"))
            .toList();
    if (reads.isEmpty()) {
      return;
    }
    Map<String, Entry> results = new HashMap<>();
    for (Operation read : reads) {
      for (String text : read.texts(2)) {
        Entry entry = Entry.parse(text);
        if (results.put(entry.id(), entry) != null) {
          findings.add(Promise.RESULTS, "item " + entry.id() + " has two results");
        }
        one(ledger, entry, findings);
      }
    }
    for (ItemStory item : ledger.items.values()) {
      boolean surely = item.commits().stream().anyMatch(c -> !ledger.rollbacks.touch(c.when()));
      if (surely && !results.containsKey(item.id) && !ledger.unlisted.contains(item.id)) {
        findings.add(Promise.RESULTS, "committed without a result: " + item);
      }
    }
  }

  private static void one(Ledger ledger, Entry entry, Findings findings) {
    ItemStory item = ledger.items.get(entry.id());
    if (item == null || !item.mayBeCommitted()) {
      findings.add(
          Promise.RESULTS,
          "a result of what nobody completed: item " + (item == null ? entry.id() : item));
      return;
    }
    boolean fits =
        item.leases.stream()
            .anyMatch(l ->
                l.token() == entry.token()
                    && l.payload().equals(entry.payload())
                    && item.ends.stream()
                        .anyMatch(e ->
                            e.kind() == Ended.Kind.COMPLETE && e.session().equals(l.session())));
    if (!fits) {
      findings.add(
          Promise.RESULTS,
          "the result under token " + entry.token() + " is not that of its lease: " + item);
    }
  }
}
