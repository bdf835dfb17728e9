package dev.piecework.model;

import dev.piecework.model.Row.Call;
import dev.piecework.model.Row.Move;
import dev.piecework.model.State.QueueCell;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Visits every state that a table allows, nearest first, and holds every step against the laws; at
 * the end, that from each state the run can end with what helps alone: no luck, no person.
 */
final class Explorer {

  /** What was found: nothing wrong, or the shortest way to it. */
  record Exploration(
      Scenario scenario, int states, long steps, Seen seen, @Nullable Counterexample wrong) {
    @Override
    public String toString() {
      String end = wrong == null ? "all laws hold" : "\n" + wrong;
      return scenario.name() + ": " + states + " states, " + steps + " steps; " + end;
    }
  }

  /** Which rows were taken, and which of their arrows. */
  record Seen(Set<String> rows, Set<String> arrows) {}

  /** The shortest trace to a broken law. */
  record Counterexample(String law, String why, List<String> trace) {
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("broken: " + law + " (" + why + "), after\n");
      for (int i = 0; i < trace.size(); i++) {
        text.append(String.format("  %2d. %s%n", i + 1, trace.get(i)));
      }
      return text.toString();
    }
  }

  private final Table table;
  private final Scenario scenario;
  private final List<State> states = new ArrayList<>();
  private final Map<State, Integer> numbers = new HashMap<>();
  private final List<Call> calls = new ArrayList<>();
  private int[] parents = new int[1 << 16];
  private int[] froms = new int[1 << 16];
  private int[] tos = new int[1 << 16];
  private int edges;
  private long steps;
  private final Seen seen = new Seen(new TreeSet<>(), new TreeSet<>());

  private Explorer(Table table, Scenario scenario) {
    this.table = table;
    this.scenario = scenario;
  }

  static Exploration explore(Table table, Scenario scenario) {
    Explorer explorer = new Explorer(table, scenario);
    return explorer.found(explorer.search());
  }

  private @Nullable Counterexample search() {
    add(new State(scenario), -1, null);
    for (int at = 0; at < states.size(); at++) {
      State state = states.get(at);
      for (Call call : table.calls(state)) {
        State next = call.row().after(state, call);
        steps++;
        seen.rows.add(call.row().name());
        for (Laws law : Laws.values()) {
          String why = law.broken(state, call, next);
          if (why != null) {
            return new Counterexample(law.name() + ": " + law.says(), why, trace(at, call));
          }
        }
        remember(state, next, call);
        int number = numbers.getOrDefault(next, -1);
        if (number < 0) {
          number = add(next, at, call);
        }
        if (call.row().helps() && number != at) {
          edge(at, number);
        }
      }
    }
    return stuck();
  }

  // From where the end cannot be reached.
  private @Nullable Counterexample stuck() {
    int[] count = new int[states.size() + 1];
    for (int e = 0; e < edges; e++) {
      count[tos[e] + 1]++;
    }
    for (int i = 0; i < states.size(); i++) {
      count[i + 1] += count[i];
    }
    int[] fill = Arrays.copyOf(count, count.length);
    int[] before = new int[edges];
    for (int e = 0; e < edges; e++) {
      before[fill[tos[e]]++] = froms[e];
    }
    BitSet good = new BitSet(states.size());
    int[] queue = new int[states.size()];
    int end = 0;
    for (int i = 0; i < states.size(); i++) {
      if (isEnd(states.get(i))) {
        good.set(i);
        queue[end++] = i;
      }
    }
    for (int at = 0; at < end; at++) {
      for (int e = count[queue[at]]; e < count[queue[at] + 1]; e++) {
        if (!good.get(before[e])) {
          good.set(before[e]);
          queue[end++] = before[e];
        }
      }
    }
    int first = good.nextClearBit(0);
    return first >= states.size()
        ? null
        : new Counterexample(
            "PROGRESS: from each state the run can end, drained",
            states.get(first).toString(),
            trace(first, null));
  }

  private static boolean isEnd(State state) {
    boolean purged = state.get(QueueCell.RUN) == 0 && state.get(QueueCell.RUNS) > 0;
    return state.is(QueueCell.ENDED) || (purged && state.count(ItemState.WAITING) == 0);
  }

  private int add(State state, int parent, @Nullable Call call) {
    int number = states.size();
    states.add(state);
    numbers.put(state, number);
    if (number == parents.length) {
      parents = Arrays.copyOf(parents, 2 * number);
    }
    parents[number] = parent;
    if (call != null) {
      calls.add(call);
    }
    return number;
  }

  private void edge(int from, int to) {
    if (edges == froms.length) {
      froms = Arrays.copyOf(froms, 2 * edges);
      tos = Arrays.copyOf(tos, 2 * edges);
    }
    froms[edges] = from;
    tos[edges++] = to;
  }

  private void remember(State before, State after, Call call) {
    for (Move move : call.row().said().moves()) {
      for (int i = 0; i < after.items(); i++) {
        if (before.itemState(i) == move.from() && after.itemState(i) == move.to()) {
          seen.arrows.add(call.row().name() + ": " + move);
        }
      }
    }
  }

  private List<String> trace(int at, @Nullable Call last) {
    List<String> trace = new ArrayList<>();
    if (last != null) {
      trace.add(last.toString());
    }
    for (int number = at; number > 0; number = parents[number]) {
      trace.add(calls.get(number - 1).toString());
    }
    Collections.reverse(trace);
    return trace;
  }

  private Exploration found(@Nullable Counterexample wrong) {
    return new Exploration(scenario, states.size(), steps, seen, wrong);
  }
}
