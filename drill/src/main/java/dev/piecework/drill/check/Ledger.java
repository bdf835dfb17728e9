package dev.piecework.drill.check;

import dev.piecework.drill.history.History;
import dev.piecework.drill.history.Operation;
import dev.piecework.drill.history.Operation.Answer;
import dev.piecework.drill.history.Operation.Moment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A history, told by item, session and source. */
final class Ledger {

  /** An expired session's items were put back; {@code certain} unless the reply was lost. */
  record Reclaimed(boolean certain, long moved, Moment when) {}

  /** An item as its source gave it: the place in the source, and when it surely was in. */
  record Filled(String source, long index, Moment when, boolean certain) {

    boolean isSameRecordAs(Filled other) {
      return source.equals(other.source) && index == other.index;
    }

    /** A chunk whose reply was lost is sent again. */
    Filled orAgain(Filled again) {
      long ended = Math.min(when.ended(), again.when.ended());
      return new Filled(source, index, new Moment(when.called(), ended), certain || again.certain);
    }
  }

  final History history;
  final Rollbacks rollbacks;
  final Map<String, ItemStory> items = new LinkedHashMap<>();
  final Map<String, List<Reclaimed>> reclaims = new LinkedHashMap<>();
  private final Map<String, Moment> enlisted = new LinkedHashMap<>();
  final Map<String, Filled> filled = new LinkedHashMap<>();

  /** Further items with a payload that was there already. */
  final Map<String, List<Filled>> twins = new LinkedHashMap<>();

  final Map<String, Moment> opened = new LinkedHashMap<>();
  final Map<String, Moment> closed = new LinkedHashMap<>();
  final List<List<Leased>> batches = new ArrayList<>();

  /** Done without a result, and perhaps not listed among the results: Redis was full. */
  final Set<String> unlisted = new HashSet<>();

  final List<String> vanished = new ArrayList<>();
  private final List<Overtaken> overtaken = new ArrayList<>();

  /** Whether there were backup attempts: then two sessions may hold an item, under one token. */
  private boolean copies;

  private final Map<String, SessionStory> sessions = new LinkedHashMap<>();

  Ledger(History history, List<Moment> mayBeUndone) {
    this.history = history;
    this.rollbacks = Rollbacks.in(history.operations(), mayBeUndone);
    for (Operation operation : history.operations()) {
      switch (operation.script()) {
        case "step", "back_up", "recover", "beat", "retry", "bury", "release" ->
            sessions
                .computeIfAbsent(
                    operation.argument("session"), name -> new SessionStory(name, this))
                .tell(operation);
        case "reclaim" -> reclaim(operation);
        case "enlist" -> {
          if (operation.mayHaveRun()) {
            enlisted.put(operation.argument("session"), operation.when());
          }
        }
        case "fill" -> fill(operation, 1);
        case "fill_marked" -> fill(operation, 4);
        case "produce" -> {
          if (operation.replied("OK")) {
            opened.putIfAbsent(operation.text(2), operation.when());
          }
        }
        case "close_source" -> {
          if (operation.mayHaveRun()) {
            closed.putIfAbsent(operation.argument("source"), operation.when());
          }
        }
        default -> {}
      }
    }
    items.values().forEach(ItemStory::sort);
  }

  ItemStory item(String id) {
    return items.computeIfAbsent(id, ItemStory::new);
  }

  void gaveBatch(List<Leased> batch) {
    batches.add(batch);
  }

  void mayBeCopied() {
    copies = true;
  }

  boolean hasCopies() {
    return copies;
  }

  void mayBeUnlisted(String id) {
    unlisted.add(id);
  }

  void vanished(Leased lease, Operation recover) {
    if (!rollbacks.between(lease.when(), recover.when())) {
      vanished.add("item " + lease.id() + " was gone from the record of a live session: " + lease);
    }
  }

  /** A session was told that another has completed what it held too. */
  record Overtaken(Leased lease, Operation told) {}

  void overtaken(Leased lease, Operation told) {
    overtaken.add(new Overtaken(lease, told));
  }

  /** Those who were overtaken, though nobody else can have completed the item. */
  List<String> overtakenByNobody() {
    return overtaken.stream()
        .filter(each ->
            item(each.lease().id()).ends.stream()
                .noneMatch(end ->
                    end.kind() == Ended.Kind.COMPLETE
                        && !end.session().equals(each.lease().session())
                        && end.when().called() <= each.told().when().ended()))
        .filter(each -> !rollbacks.between(each.lease().when(), each.told().when()))
        .map(each -> "overtaken, but nobody has completed it: " + item(each.lease().id()))
        .toList();
  }

  /**
   * Whether a session was surely reaped before this, and has not joined since: one that had no
   * answer when it joined does so again, under the same name and with nothing held, and may have
   * been reaped between the two.
   */
  boolean wasReaped(String session, Moment before) {
    Moment joined = enlisted.get(session);
    return reclaimsOf(session).stream()
        .filter(r -> joined == null || joined.isBefore(r.when()))
        .anyMatch(r -> r.certain() && r.when().isBefore(before));
  }

  /** The reclaims of a session that surely were or may have been. */
  List<Reclaimed> reclaimsOf(String session) {
    return reclaims.getOrDefault(session, List.of());
  }

  /**
   * How many sessions may have held an item that nobody saw them lease, between these times: they
   * died, or were given up, before they learnt what a call had leased, and were reclaimed.
   */
  int unseenHolders(long from, long until) {
    int holders = 0;
    for (Map.Entry<String, SessionStory> each : sessions.entrySet()) {
      boolean mayHave = each.getValue().mayHoldUnseenSince() < until;
      if (mayHave
          && reclaimsOf(each.getKey()).stream()
              .anyMatch(r -> r.when().ended() > from && r.when().called() < until)) {
        holders++;
      }
    }
    return holders;
  }

  private void reclaim(Operation operation) {
    boolean certain = operation.replied("OK");
    if (!certain && !(operation.answer() instanceof Answer.Unknown)) {
      return;
    }
    reclaims
        .computeIfAbsent(operation.argument("session"), s -> new ArrayList<>())
        .add(new Reclaimed(certain, operation.number(1), operation.when()));
    operation.texts(2).forEach(id -> item(id).deaths.add(operation.when()));
  }

  private void fill(Operation operation, int stride) {
    if (!operation.mayHaveRun()) {
      return;
    }
    String source = operation.argument("source");
    long offset = Long.parseLong(operation.argument("offset"));
    List<String> rest = operation.rest();
    boolean ok = operation.replied("OK");
    long end = offset + rest.size() / stride;
    // The chunk had been accepted, and the reply of the first call was lost.
    boolean known = operation.replied("OFFSET") && operation.number(1) >= end;
    for (int i = stride - 1; i < rest.size(); i += stride) {
      Filled now = new Filled(source, offset + i / stride, operation.when(), ok || known);
      Filled before = filled.get(rest.get(i));
      if (before != null && !before.isSameRecordAs(now)) {
        addTwin(rest.get(i), now);
      } else {
        filled.merge(rest.get(i), now, Filled::orAgain);
      }
    }
  }

  private void addTwin(String payload, Filled now) {
    List<Filled> known = twins.computeIfAbsent(payload, p -> new ArrayList<>());
    for (int i = 0; i < known.size(); i++) {
      if (known.get(i).isSameRecordAs(now)) {
        known.set(i, known.get(i).orAgain(now));
        return;
      }
    }
    known.add(now);
  }

  /** Everything that was filled, or may have been. */
  List<Filled> everythingFilled() {
    List<Filled> all = new ArrayList<>(filled.values());
    twins.values().forEach(all::addAll);
    return all;
  }
}
