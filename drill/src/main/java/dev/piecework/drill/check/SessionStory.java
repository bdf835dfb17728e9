package dev.piecework.drill.check;

import dev.piecework.drill.history.Operation;
import dev.piecework.drill.history.Operation.Answer;
import dev.piecework.drill.history.Operation.Moment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One session, from its own calls in their order. What became of a call without an answer is known
 * when the session has read what it holds: an item that it ended and that is gone was ended; one
 * that it never heard of was leased.
 */
final class SessionStory {

  private static final long NEVER = Long.MAX_VALUE;

  private record Doubt(ItemStory item, Ended end) {}

  private final String session;
  private final Ledger ledger;
  private final Map<String, Leased> held = new LinkedHashMap<>();
  private final Map<String, Doubt> doubts = new LinkedHashMap<>();
  private final Set<String> numbersTold = new HashSet<>();

  /** Ids of what it was overtaken at, with the last token there was then. */
  private final Map<String, Long> overtaken = new HashMap<>();

  private long unknownSince = NEVER;
  private long openStep = NEVER;

  /** Arguments for each item of a {@code retry}, the first of them its id. */
  static final int RETRIED = 5;

  /** Likewise of a {@code bury}. */
  static final int BURIED = 3;

  SessionStory(String session, Ledger ledger) {
    this.session = session;
    this.ledger = ledger;
  }

  /** When a call began that may have leased what nobody ever learnt; or never. */
  long mayHoldUnseenSince() {
    return openStep;
  }

  void tell(Operation operation) {
    switch (operation.script()) {
      case "step" -> step(operation);
      case "back_up" -> backUp(operation);
      case "recover" -> recover(operation);
      case "beat" -> {
        if (operation.replied("OK")) {
          overtaken(operation.text(5), operation);
        }
      }
      case "retry" ->
          ends(
              operation,
              RETRIED,
              operation.argument("kind").equals("retry") ? Ended.Kind.RETRY : Ended.Kind.NOT_YET);
      case "bury" -> ends(operation, BURIED, Ended.Kind.BURY);
      case "release" -> ends(operation, 1, Ended.Kind.RELEASE);
      default -> {}
    }
  }

  private void step(Operation step) {
    int count = Integer.parseInt(step.argument("count"));
    List<String> ids = step.rest().subList(0, count);
    switch (step.answer()) {
      case Answer.Refused refused -> {}
      case Answer.Unknown unknown -> {
        ids.forEach(id -> doubt(id, Ended.Kind.COMPLETE, step));
        if (step.argument("hollow").equals("1")) {
          ids.forEach(ledger::mayBeUnlisted); // Redis may have been full
        }
        if (!step.argument("want").equals("0")) {
          unknownSince = Math.min(unknownSince, step.when().called());
          openStep = Math.min(openStep, step.when().called());
        }
      }
      case Answer.Replied replied -> {
        switch (step.word()) {
          case "OK", "PAUSED", "RESULTS_FULL", "ENDED" -> {
            ids.forEach(id -> end(id, Ended.Kind.COMPLETE, step));
            if (step.word().equals("OK")) {
              batch(step);
              if (step.number(9) > 0) {
                ids.forEach(ledger::mayBeUnlisted);
              }
            }
          }
          case "REFUSED" -> {
            if (step.number(2) > 0) {
              ids.forEach(id -> doubt(id, Ended.Kind.COMPLETE, step));
            }
          }
          default -> {} // nothing was done
        }
      }
    }
  }

  private void batch(Operation step) {
    List<Leased> batch = new ArrayList<>();
    List<String> aside = step.texts(5);
    for (int i = 0; i < aside.size(); i += 3) {
      batch.add(
          new Leased(
              session,
              aside.get(i),
              aside.get(i + 1),
              Leased.Tries.parse(aside.get(i + 2)),
              step.number(2),
              false,
              step.when()));
    }
    List<String> raw = step.texts(4);
    for (int i = 0; i < raw.size(); i++) {
      batch.add(
          new Leased(
              session,
              Long.toString(step.number(3) + i),
              raw.get(i),
              Leased.Tries.NONE,
              step.number(2),
              true,
              step.when()));
    }
    batch.forEach(this::hold);
    if (!batch.isEmpty()) {
      ledger.gaveBatch(batch);
    }
  }

  private void hold(Leased lease) {
    held.put(lease.id(), lease);
    ledger.item(lease.id()).leases.add(lease);
  }

  private void backUp(Operation copy) {
    if (copy.replied("OK")) {
      ledger.mayBeCopied();
      hold(
          new Leased(
              session,
              copy.argument("id"),
              copy.text(2),
              Leased.Tries.parse(copy.text(3)),
              Long.parseLong(copy.argument("token")),
              false,
              copy.when()));
    } else if (copy.answer() instanceof Answer.Unknown) {
      ledger.mayBeCopied();
      unknownSince = Math.min(unknownSince, copy.when().called());
      openStep = Math.min(openStep, copy.when().called());
    }
  }

  /**
   * Leases that this session has lost alone, as it is told: another, who held the item too, has
   * completed it. So none of its own ends went through.
   */
  private void overtaken(String lines, Operation told) {
    for (String line : lines.split("\n", -1)) {
      String[] parts = line.split("\t", 4);
      if (parts.length < 4 || !numbersTold.add(parts[0])) {
        continue;
      }
      overtaken.put(parts[2], Long.parseLong(parts[1]));
      Leased lease = held.remove(parts[2]);
      if (lease != null) {
        ledger.overtaken(lease, told);
      }
      Doubt doubt = doubts.remove(parts[2]);
      if (doubt != null) {
        doubt.item().ends.remove(doubt.end());
      }
    }
  }

  private void recover(Operation recover) {
    if (!recover.replied("OK")) {
      return;
    }
    openStep = NEVER;
    overtaken(recover.text(4), recover);
    Map<String, Long> under = tokens(recover.texts(5));
    List<String> items = recover.texts(3);
    Set<String> there = new LinkedHashSet<>();
    for (int i = 0; i < items.size(); i += 3) {
      String id = items.get(i);
      there.add(id);
      if (!held.containsKey(id)) {
        long from = Math.min(unknownSince, recover.when().called());
        hold(
            new Leased(
                session,
                id,
                items.get(i + 1),
                Leased.Tries.parse(items.get(i + 2)),
                under.getOrDefault(id, recover.number(2)),
                false,
                new Moment(from, recover.when().ended())));
      }
    }
    doubts.forEach((id, doubt) -> {
      if (!there.contains(id)) {
        Ended end = doubt.end();
        doubt.item().ends.remove(end);
        Moment known = new Moment(end.when().called(), recover.when().ended());
        doubt.item().ends.add(new Ended(end.kind(), session, end.token(), true, known));
      }
    });
    for (String id : List.copyOf(held.keySet())) {
      if (!there.contains(id)) {
        Leased lost = held.remove(id);
        if (lost != null && !doubts.containsKey(id) && !wasOvertaken(lost)) {
          ledger.vanished(lost, recover);
        }
      }
    }
    doubts.clear();
  }

  // Ids and tokens, one after the other.
  private static Map<String, Long> tokens(List<String> pairs) {
    Map<String, Long> tokens = new HashMap<>();
    for (int i = 0; i + 1 < pairs.size(); i += 2) {
      tokens.put(pairs.get(i), Long.parseLong(pairs.get(i + 1)));
    }
    return tokens;
  }

  private void ends(Operation call, int stride, Ended.Kind kind) {
    List<String> rest = call.rest();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < rest.size(); i += stride) {
      ids.add(rest.get(i));
    }
    if (call.answer() instanceof Answer.Unknown) {
      ids.forEach(id -> doubt(id, kind, call));
    } else if (call.replied("OK")) {
      ids.removeAll(call.texts(2));
      ids.forEach(id -> end(id, kind, call));
      call.texts(3).forEach(id -> ledger.item(id).deaths.add(call.when()));
    }
  }

  private void end(String id, Ended.Kind kind, Operation call) {
    long token = tokenOf(id);
    held.remove(id);
    doubts.remove(id);
    ledger.item(id).ends.add(new Ended(kind, session, token, true, call.when()));
  }

  private void doubt(String id, Ended.Kind kind, Operation call) {
    if (!held.containsKey(id) && overtaken.containsKey(id)) {
      return; // it was told while the call was on its way
    }
    ItemStory item = ledger.item(id);
    Moment when = new Moment(call.when().called(), NEVER);
    Ended end = new Ended(kind, session, tokenOf(id), false, when);
    item.ends.add(end);
    doubts.put(id, new Doubt(item, end));
  }

  private boolean wasOvertaken(Leased lease) {
    return lease.token() <= overtaken.getOrDefault(lease.id(), 0L);
  }

  private long tokenOf(String id) {
    Leased lease = held.get(id);
    return lease == null ? 0 : lease.token();
  }
}
