package dev.piecework.drill.check;

import dev.piecework.drill.history.Operation.Moment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What happened to one item, by its id. */
final class ItemStory {

  final String id;
  final List<Leased> leases = new ArrayList<>();
  final List<Ended> ends = new ArrayList<>();
  final List<Moment> deaths = new ArrayList<>();

  ItemStory(String id) {
    this.id = id;
  }

  /** By token: the order in which Redis gave them. */
  void sort() {
    leases.sort(Comparator.comparingLong(Leased::token));
  }

  /** The surely committed ends. */
  List<Ended> commits() {
    return ends.stream().filter(e -> e.kind() == Ended.Kind.COMPLETE && e.certain()).toList();
  }

  boolean mayBeCommitted() {
    return ends.stream().anyMatch(e -> e.kind() == Ended.Kind.COMPLETE);
  }

  /** From when on it may have been finished; {@link Long#MAX_VALUE} if never. */
  long mayBeFinishedFrom() {
    long from = Long.MAX_VALUE;
    for (Ended end : ends) {
      if (end.kind() == Ended.Kind.COMPLETE || end.kind() == Ended.Kind.BURY) {
        from = Math.min(from, end.when().called());
      } else if (end.kind() == Ended.Kind.RETRY && !end.certain()) {
        from = Math.min(from, end.when().called()); // its attempts may have been used up
      }
    }
    for (Moment death : deaths) {
      from = Math.min(from, death.called());
    }
    return from;
  }

  /** The ends that the holder of this lease gave it, or may have given it. */
  List<Ended> endsOf(Leased lease) {
    return ends.stream()
        .filter(e -> e.token() == lease.token() && e.session().equals(lease.session()))
        .toList();
  }

  /**
   * The leases by their tokens: those of one token are of one lease that several sessions held, a
   * backup attempt beside what it is a copy of.
   */
  List<List<Leased>> shared() {
    List<List<Leased>> shared = new ArrayList<>();
    for (Leased lease : leases) {
      if (shared.isEmpty() || shared.getLast().getFirst().token() != lease.token()) {
        shared.add(new ArrayList<>());
      }
      shared.getLast().add(lease);
    }
    return shared;
  }

  @Override
  public String toString() {
    return "item " + id + " (" + leases + ", " + ends + (deaths.isEmpty() ? ")" : ", dead)");
  }
}
