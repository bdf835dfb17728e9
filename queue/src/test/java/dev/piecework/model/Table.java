package dev.piecework.model;

import dev.piecework.model.Row.Call;
import dev.piecework.model.Row.Domain;
import dev.piecework.model.Row.Move;
import dev.piecework.model.Row.Rule;
import dev.piecework.model.Row.Said;
import dev.piecework.model.Scenario.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;

/** All rows: the one source of what can happen to a queue. */
public record Table(List<Row> rows) {

  /** What the scripts do. */
  public static Table correct() {
    List<Row> rows = new ArrayList<>();
    ItemRows.addTo(rows);
    SessionRows.addTo(rows);
    RunRows.addTo(rows);
    return new Table(List.copyOf(rows));
  }

  Row row(String name) {
    return rows.stream().filter(row -> row.name().equals(name)).findFirst().orElseThrow();
  }

  /** With this row, by its name, replaced by others. */
  Table replacing(String name, Row... others) {
    row(name);
    List<Row> changed = new ArrayList<>();
    for (Row row : rows) {
      if (row.name().equals(name)) {
        changed.addAll(List.of(others));
      } else {
        changed.add(row);
      }
    }
    return new Table(List.copyOf(changed));
  }

  /** All that can happen in this state. */
  public List<Call> calls(State state) {
    List<Call> calls = new ArrayList<>();
    rows.forEach(row -> calls.addAll(row.calls(state)));
    return calls;
  }

  /** Begins a row. */
  static Draft row(String name, Domain domain) {
    return new Draft(name, domain);
  }

  /** A row that is being written down. */
  static final class Draft {
    private final String name;
    private final Domain domain;
    private final List<Move> moves = new ArrayList<>();
    private Feature feature = Feature.PLAIN;
    private boolean helps;
    private String who = "";
    private String does = "";
    private BiPredicate<State, Call> guard = (state, call) -> true;

    private Draft(String name, Domain domain) {
      this.name = name;
      this.domain = domain;
    }

    Draft move(ItemState from, ItemState to) {
      moves.add(new Move(from, to));
      return this;
    }

    Draft by(String whoDoesIt) {
      who = whoDoesIt;
      return this;
    }

    Draft does(String what) {
      does = what;
      return this;
    }

    /** Only where this may happen. */
    Draft with(Feature needed) {
      feature = needed;
      return this;
    }

    /** Part of the way on. */
    Draft helps() {
      helps = true;
      return this;
    }

    Draft when(BiPredicate<State, Call> condition) {
      guard = condition;
      return this;
    }

    Row then(BiConsumer<State, Call> effect) {
      Said said = new Said(name, List.copyOf(moves), who, does);
      return new Row(said, domain, feature, helps, new Rule(guard, effect));
    }
  }
}
