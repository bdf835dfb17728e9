package dev.piecework;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.internal.redis.Values;
import dev.piecework.model.Place;
import dev.piecework.model.Scenario;
import dev.piecework.model.State;
import dev.piecework.model.State.ItemCell;
import dev.piecework.model.State.QueueCell;
import dev.piecework.model.State.WorkerCell;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/** Reads what Redis has of a queue as a state of the model; what fits no state is an error. */
@SuppressWarnings("EnumOrdinal") // the cells of a state are
final class RedisAsModel {

  private final Bench bench;
  private final State state;
  private final Map<String, String> payloads;
  private final Map<String, String> tries;
  private final Set<String> cameBack = new TreeSet<>();
  private final long nowMillis;

  private RedisAsModel(Bench bench, Scenario scenario) {
    this.bench = bench;
    this.state = new State(scenario);
    this.payloads = hash("payloads");
    this.tries = hash("tries");
    this.nowMillis = bench.now().toEpochMilli();
  }

  static State read(Bench bench, ModelOnRedis doing, State expected) {
    RedisAsModel redis = new RedisAsModel(bench, expected.scenario());
    redis.items();
    redis.workers(doing);
    redis.queue(doing);
    return redis.state;
  }

  private void items() {
    assertThat(list("next")).isEmpty();
    List<String> raw = texts(bench.cli(Command.LRANGE, bench.name, "0", "-1"));
    for (int at = 0; at < raw.size(); at++) {
      put(item(raw.get(at)), Place.RAW, at, "0");
    }
    List<String> high = list("high");
    for (int at = 0; at < high.size(); at++) {
      String[] envelope = high.get(at).split("[\t\n]", -1);
      put(item(envelope[2]), Place.HIGH, at, envelope[1]);
    }
    cameBack("returned", Place.RETURNED);
    cameBack("lost_once", Place.LOST_ONCE);
    cameBack("lost_twice", Place.LOST_TWICE);
    List<String> delayed = texts(bench.raw(Command.ZRANGE, "delayed", "0", "-1", "WITHSCORES"));
    int due = 0;
    int later = 0;
    for (int i = 0; i < delayed.size(); i += 2) {
      boolean isDue = Double.parseDouble(delayed.get(i + 1)) <= nowMillis;
      put(
          payload(delayed.get(i)),
          isDue ? Place.DUE : Place.LATER,
          isDue ? due++ : later++,
          delayed.get(i));
    }
    for (String id : texts(bench.raw(Command.ZRANGE, "dead", "0", "-1"))) {
      put(payload(id), Place.DEAD, 0, id);
    }
    Object run = bench.state("run");
    if (run != null) {
      String key = "{" + bench.name + "}:results:" + run;
      for (String result : texts(bench.cli(Command.LRANGE, key, "0", "-1"))) {
        put(item(result), Place.DONE, 0, "0");
      }
    }
  }

  private void workers(ModelOnRedis doing) {
    int held = 0;
    for (int w = 0; w < state.workers(); w++) {
      String session = doing.session(w);
      if (session == null) {
        continue;
      }
      Object score = bench.raw(Command.ZSCORE, "sessions", session);
      Map<String, String> record =
          map(bench.cli(Command.HGETALL, "{" + bench.name + "}:session:" + session));
      if (score == null) {
        assertThat(record).as("what the session %s, which is over, holds", session).isEmpty();
        continue;
      }
      boolean overdue = Double.parseDouble(new String((byte[]) score, UTF_8)) <= nowMillis;
      State.Session how = overdue ? State.Session.OVERDUE : State.Session.FRESH;
      state.put(WorkerCell.SESSION, w, how.ordinal());
      record.remove("");
      for (Map.Entry<String, String> one : record.entrySet()) {
        int item = item(one.getValue());
        if (state.get(ItemCell.HELD, item) == 0) { // with a backup attempt it is leased once
          put(item, Place.NONE, 0, one.getKey());
          held++;
        }
        state.put(ItemCell.HELD, item, state.get(ItemCell.HELD, item) | (1 << w));
      }
    }
    assertThat(number("leased")).as("the count of the leased").isEqualTo(held);
    Set<String> left = new TreeSet<>(payloads.keySet());
    left.removeAll(cameBack);
    assertThat(left).as("payloads of nothing").isEmpty();
  }

  private void queue(ModelOnRedis doing) {
    state.put(QueueCell.PAUSED, bench.state("paused") == null ? 0 : 1);
    String run = bench.state("run");
    state.put(QueueCell.RUN, run == null ? 0 : doing.runs().indexOf(run));
    state.put(QueueCell.ENDED, bench.state("ended") == null ? 0 : 1);
    state.put(QueueCell.COUNTER, (int) number("counter"));
    state.put(QueueCell.DONE, (int) number("done"));
    long leaseTimeout = Bench.LEASE_TIMEOUT.toMillis();
    boolean graced = number("grace") > nowMillis;
    boolean silent = nowMillis - number("beat") > leaseTimeout * 2 / 3 && number("beat") > 0;
    State.Quiet quiet =
        graced ? State.Quiet.GRACED : silent ? State.Quiet.SILENT : State.Quiet.NONE;
    state.put(QueueCell.QUIET, quiet.ordinal());
    state.put(QueueCell.PRODUCER, producer().ordinal());
  }

  private State.Producer producer() {
    Object source = bench.raw(Command.HGET, "sources", ModelOnRedis.SOURCE);
    if (source == null) {
      return State.Producer.NEVER;
    }
    String how = new String((byte[]) source, UTF_8);
    if (how.startsWith("closed")) {
      return State.Producer.CLOSED;
    }
    Object deadline = bench.raw(Command.ZSCORE, "producers", ModelOnRedis.SOURCE);
    if (deadline == null) {
      assertThat(hash("incomplete")).containsKey(ModelOnRedis.SOURCE);
      return State.Producer.VANISHED;
    }
    boolean overdue = Double.parseDouble(new String((byte[]) deadline, UTF_8)) <= nowMillis;
    return overdue ? State.Producer.OVERDUE : State.Producer.OPEN;
  }

  private void cameBack(String list, Place place) {
    List<String> ids = list(list);
    for (int at = 0; at < ids.size(); at++) {
      put(payload(ids.get(at)), place, at, ids.get(at));
    }
  }

  private int payload(String id) {
    assertThat(payloads).as("the payloads of what came back").containsKey(id);
    cameBack.add(id);
    return item(Objects.requireNonNull(payloads.get(id)));
  }

  private static int item(String payload) {
    assertThat(payload).matches("item-\\d");
    return payload.charAt(5) - '1';
  }

  private void put(int item, Place place, int position, String id) {
    assertThat(state.place(item))
        .as("another place of item %s, which is in %s", item + 1, place)
        .isEqualTo(Place.ABSENT);
    state.put(ItemCell.PLACE, item, place.ordinal());
    state.put(ItemCell.POSITION, item, position);
    state.put(ItemCell.ID, item, Integer.parseInt(id));
    String tried = tries.get(id);
    if (tried != null) {
      String[] counts = tried.split(" ", -1);
      state.put(ItemCell.FAILED, item, Integer.parseInt(counts[0]));
      state.put(ItemCell.LOSSES, item, Integer.parseInt(counts[1]));
    }
  }

  private long number(String field) {
    String text = bench.state(field);
    return text == null ? 0 : Long.parseLong(text);
  }

  private List<String> list(String key) {
    return texts(bench.raw(Command.LRANGE, key, "0", "-1"));
  }

  private Map<String, String> hash(String key) {
    return map(bench.raw(Command.HGETALL, key));
  }

  private static Map<String, String> map(@Nullable Object raw) {
    List<String> all = texts(raw);
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < all.size(); i += 2) {
      map.put(all.get(i), all.get(i + 1));
    }
    return map;
  }

  private static List<String> texts(@Nullable Object raw) {
    Values reply = Values.of(raw);
    List<String> all = new ArrayList<>();
    for (int i = 0; i < reply.size(); i++) {
      all.add(reply.text(i));
    }
    return all;
  }
}
