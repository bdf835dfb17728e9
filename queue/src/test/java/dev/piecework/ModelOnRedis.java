package dev.piecework;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.redis.Keys;
import dev.piecework.internal.redis.Reply;
import dev.piecework.internal.redis.Script;
import dev.piecework.model.Row.Call;
import dev.piecework.model.Scenario;
import dev.piecework.model.State;
import dev.piecework.model.State.ItemCell;
import dev.piecework.model.State.QueueCell;
import dev.piecework.model.State.WorkerCell;
import dev.piecework.model.Word;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Does on Redis, with the scripts, what a call of the model's table says. */
final class ModelOnRedis {

  static final String SOURCE = "input";
  private static final int ROOM = 1 << 20;

  /** What is kept of a failed attempt. */
  private static final String ENTRY = "0\t1\ttester\tfailed\tno";

  private final Bench bench;
  private final Random random;
  private final String watcher = CopiesOnRedis.session("watcher", 0);
  private final String[] sessions;
  private final String[] named;
  private final List<String> runs = new ArrayList<>(List.of(""));
  private String producersRun = "";
  private final CopiesOnRedis copies;
  private int lives;

  ModelOnRedis(Bench bench, Scenario scenario, Random random) {
    this.bench = bench;
    this.random = random;
    this.copies = new CopiesOnRedis(bench, scenario);
    this.sessions = new String[scenario.workers()];
    this.named = new String[scenario.workers()];
    enlist(watcher);
  }

  String session(int worker) {
    return sessions[worker];
  }

  /** The ids of the runs, by their number in the model. */
  List<String> runs() {
    return runs;
  }

  static String payload(int item) {
    return "item-" + (item + 1);
  }

  /** Does it, and compares what is answered. */
  void take(Call call, State before, State after) {
    int w = call.worker();
    int i = call.item();
    String id = String.valueOf(before.get(ItemCell.ID, Math.min(i, before.items() - 1)));
    switch (call.row().name()) {
      case "rpush" -> bench.rpush(payload(i));
      case "fill" -> expect("OK", fill(before.given(), payload(i)));
      case "fill with a priority" -> expect("OK", fillMarked(before, "high", 0, payload(i)));
      case "fill with a delay" -> expect("OK", fillMarked(before, "normal", 1, payload(i)));
      case "lease" -> expect("OK", step(before, w, i));
      case "complete" -> expect("OK", step(before, w, 0, i));
      case "complete and lease next" -> expect("OK", step(before, w, 1, i));
      case "retry", "retry, no attempts left" -> expect("OK", retry(w, id));
      case "bury" -> expect("OK", bury(w, id));
      case "release" -> expect("OK", script(Script.RELEASE, w, sessions[w], id));
      case "late settlement" -> expect("SESSION_LOST", lateSettlement(before, w, id));
      case "session lost", "session lost, no losses left" -> expect("OK", reclaim(named[w], "0"));
      case "process gone" -> expect("OK", reclaim(sessions[w], "1"));
      case "reclaim, and it is alive" ->
          assertThat(reclaim(named[w], "0").word()).isIn("ALIVE", "GONE");
      case "due" -> bench.advance(Duration.ofMillis(1));
      case "requeue" -> expect(1, "moved", script(Script.REQUEUE, w, QueueClient.newId(8), id));
      case "drop" -> expect(1, "dropped", script(Script.DROP, w, QueueClient.newId(8), id));
      case "drop what waits" -> expect("OK", dropWaiting(before, i, id));
      case "drop what is delayed" ->
          expect("OK", script(Script.DROP_WAITING, w, id, "", "", QueueClient.newId(8)));
      case "drop what is leased" -> dropLeased(before, i, id);
      case "back up" -> expect("OK", copies.backUp(scope(w, before), before.heldBy(w), id));
      case "end beside another holder" -> expect("OK", end(w, id));
      case "settlement of what was dropped", "settlement of what another has completed" -> {
        Object[] args = stepArgs(before, w, 0, i);
        args[3] = 1 + (Integer) args[3];
        String run = runs.get(before.get(WorkerCell.RUN, w));
        expect("ASTRAY", inRun(Script.STEP, w, run, args));
      }
      case "requeue what is delayed" ->
          expect("OK", script(Script.REQUEUE_DELAYED, w, id, QueueClient.newId(8)));
      case "purge" -> purge();
      case "join" -> join(w);
      case "heartbeat" ->
          expect("OK", script(Script.BEAT, w, Bench.tellingNothing(now(), sessions[w], "", 0)));
      case "late heartbeat" ->
          expect(
              "SESSION_LOST",
              script(Script.BEAT, w, Bench.tellingNothing(now(), sessions[w], "", 0)));
      case "leave" ->
          expect("OK", script(Script.LEAVE, w, Bench.tellingNothing(now(), sessions[w], "0")));
      case "crash" -> {}
      case "a lease timeout goes by",
          "stopped for a lease timeout",
          "a producer falls silent",
          "the grace ends" ->
          pass(after);
      case "an outage" -> bench.advance(Bench.LEASE_TIMEOUT.multipliedBy(3).dividedBy(2));
      case "look for expired" -> lookForExpired(after);
      case "begin" -> begin(after);
      case "look" -> look(before, w);
      case "pause" -> expect("OK", script(Script.PAUSE, w, "the model says so", ""));
      case "resume" -> expect("OK", script(Script.RESUME, w));
      case "open a source" -> open(before, after);
      case "producer's heartbeat" ->
          expect(
              before.given(),
              "offset",
              script(Script.BEAT_PRODUCER, w, now(), producersRun, SOURCE));
      case "close a source", "close a source by hand" ->
          expect("OK", script(Script.CLOSE_SOURCE, w, "", SOURCE, "0", ""));
      default -> throw new AssertionError("how is '" + call.row().name() + "' done on Redis?");
    }
  }

  /** Tries something that has to be refused, and change nothing. */
  String probe(State state) {
    int w = random.nextInt(state.workers());
    boolean open = state.producer() == State.Producer.OPEN;
    switch (random.nextInt(5)) {
      case 0 -> {
        if (open && state.given() > 0) {
          expect("OFFSET", fill(0, "sent again"));
          return "a chunk that is sent again";
        }
      }
      case 1 -> {
        if (open) {
          Reply reply =
              script(Script.PRODUCE, w, now(), SOURCE, "another", "host\t1\t0\tx", "0", "");
          expect("BUSY", reply);
          return "a second producer of a source";
        }
      }
      case 2 -> {
        if (live(state, w) && state.get(QueueCell.RUN) > 0) {
          Object[] args = stepArgs(state, w, 1);
          args[3] = 1 + (Integer) args[3];
          String run = runs.get(state.get(WorkerCell.RUN, w));
          expect("ASTRAY", inRun(Script.STEP, w, run, args));
          return "a step of one that has lost count";
        }
      }
      case 3 -> {
        if (live(state, w)) {
          assertThat(script(Script.RELEASE, w, sessions[w], "99").texts("refused"))
              .containsExactly("99");
          return "a release of what is not held";
        }
      }
      default -> {
        boolean works = state.get(WorkerCell.RUN, w) == state.get(QueueCell.RUN);
        if (live(state, w) && works && state.get(QueueCell.RUN) > 0) {
          Object[] args = stepArgs(state, w, 0, 98);
          expect("REFUSED", inRun(Script.STEP, w, runs.get(state.get(QueueCell.RUN)), args));
          return "a completion of what is not held";
        }
      }
    }
    return "";
  }

  // With a session, and not asking for what ended or another run would answer differently.
  private static boolean live(State state, int worker) {
    State.Session session = state.session(worker);
    return session == State.Session.FRESH || session == State.Session.OVERDUE;
  }

  private void join(int worker) {
    sessions[worker] = CopiesOnRedis.session("w" + (worker + 1), ++lives);
    enlist(sessions[worker]);
  }

  private void enlist(String session) {
    bench.client().record().create();
    expect("OK", once(Script.ENLIST, session, "", now(), session, "a worker of the model\t1"));
  }

  private Reply dropWaiting(State before, int item, String id) {
    return switch (before.place(item)) {
      case RAW -> script(Script.DROP_WAITING, 0, "", "", payload(item), QueueClient.newId(8));
      case HIGH -> {
        String envelope = "\t" + id + "\n" + payload(item);
        yield script(Script.DROP_WAITING, 0, "", envelope, "", QueueClient.newId(8));
      }
      default -> script(Script.DROP_WAITING, 0, id, "", "", QueueClient.newId(8));
    };
  }

  private void dropLeased(State before, int item, String id) {
    boolean beside = before.isCopied(item);
    for (int w = 0; w < sessions.length; w++) {
      if (sessions[w] != null) {
        String answer = !before.holds(w, item) ? "GONE" : beside ? "HELD" : "OK";
        beside &= !before.holds(w, item);
        expect(answer, script(Script.DROP_LEASED, w, sessions[w], id, QueueClient.newId(8)));
      }
    }
  }

  private void purge() {
    try (WorkQueue queue = WorkQueue.open(bench.config())) {
      queue.admin().purge();
    }
    enlist(watcher);
  }

  private void begin(State after) {
    bench.client().record().create();
    String run = "run" + after.get(QueueCell.RUN);
    runs.add(run);
    Reply reply = once(Script.BEGIN, "", run, now(), run);
    expect("OK", reply);
    assertThat(reply.text("run")).isEqualTo(run);
  }

  private void open(State before, State after) {
    bench.client().record().create();
    int number = after.get(QueueCell.RUN);
    String run = "run" + number;
    if (runs.size() <= number) {
      runs.add(run);
    }
    producersRun = run;
    Reply reply = script(Script.PRODUCE, 0, now(), SOURCE, run, "host\t1\t0\tx", "0", "");
    expect("OK", reply);
    assertThat(reply.text("run")).isEqualTo(run);
    assertThat(reply.number("offset")).as("offset").isEqualTo(before.given());
  }

  private void look(State before, int worker) {
    Word word = Word.state(before, worker);
    String mine = runs.get(before.get(WorkerCell.RUN, worker));
    String current = runs.get(before.get(QueueCell.RUN));
    Reply reply = once(Script.READ_STATE, sessions[worker], current, now(), mine);
    expect(word.name(), reply);
    int leased = 0;
    for (int i = 0; i < before.items(); i++) {
      leased += before.get(ItemCell.HELD, i) == 0 ? 0 : 1;
    }
    assertThat(reply.number("leased")).as("leased").isEqualTo(leased);
    if (word == Word.DRAINED || word == Word.INCOMPLETE || word == Word.LOST) {
      expect(
          "OK", script(Script.LEAVE, worker, Bench.tellingNothing(now(), sessions[worker], "0")));
    }
  }

  private void lookForExpired(State after) {
    Reply reply = script(Script.EXPIRED, 0, now());
    for (int w = 0; w < sessions.length; w++) {
      boolean told = reply.texts("sessions").contains(sessions[w]);
      boolean overdue =
          after.session(w) == State.Session.OVERDUE && after.quiet() == State.Quiet.NONE;
      assertThat(told).as("that w%s has expired is told", w + 1).isEqualTo(overdue);
      if (told) {
        named[w] = sessions[w];
      }
    }
  }

  // A lease timeout, in which those are heard that are alive after it.
  private void pass(State after) {
    for (int quarter = 0; quarter < 4; quarter++) {
      bench.advance(Bench.LEASE_TIMEOUT.dividedBy(4).plusMillis(1));
      expect("OK", once(Script.BEAT, watcher, "", Bench.tellingNothing(now(), watcher, "", 0)));
      for (int w = 0; w < sessions.length; w++) {
        if (after.session(w) == State.Session.FRESH) {
          expect("OK", script(Script.BEAT, w, Bench.tellingNothing(now(), sessions[w], "", 0)));
        }
      }
      if (after.producer() == State.Producer.OPEN) {
        expect("OK", script(Script.BEAT_PRODUCER, 0, now(), producersRun, SOURCE));
      }
    }
  }

  private Reply end(int worker, String id) {
    return switch (random.nextInt(3)) {
      case 0 -> retry(worker, id);
      case 1 -> bury(worker, id);
      default -> script(Script.RELEASE, worker, sessions[worker], id);
    };
  }

  private Reply lateSettlement(State before, int worker, String id) {
    if (random.nextInt(4) > 0) {
      return end(worker, id);
    }
    String run = runs.get(before.get(WorkerCell.RUN, worker));
    Object[] args = {now(), sessions[worker], run, 1, 1, ROOM, 1, "0", "", "1", id};
    return inRun(Script.STEP, worker, run, args);
  }

  private Reply retry(int worker, String id) {
    return script(Script.RETRY, worker, now(), sessions[worker], "retry", id, 1, 0, ENTRY, "no");
  }

  private Reply bury(int worker, String id) {
    return script(Script.BURY, worker, now(), sessions[worker], id, ENTRY, "no");
  }

  private Reply reclaim(String session, String force) {
    return once(Script.RECLAIM, session, currentRun(), now(), session, force, session);
  }

  private Reply step(State before, int worker, int want, int... completed) {
    String run = runs.get(before.get(WorkerCell.RUN, worker));
    return inRun(Script.STEP, worker, run, stepArgs(before, worker, want, completed));
  }

  private Object[] stepArgs(State before, int worker, int want, int... completed) {
    String run = runs.get(before.get(WorkerCell.RUN, worker));
    int holds = before.heldBy(worker);
    List<Object> args = new ArrayList<>(List.of(now(), sessions[worker], run, holds, want, ROOM));
    args.add(completed.length);
    args.add("1");
    args.add(completed.length == 0 ? "" : payload(completed[0]).length());
    args.add("0");
    for (int item : completed) {
      args.add(item < before.items() ? before.get(ItemCell.ID, item) : item);
      args.add(payload(item));
    }
    return args.toArray();
  }

  private Reply fill(int offset, String payload) {
    return once(
        Script.FILL, "", producersRun, now(), producersRun, SOURCE, offset, "", "", payload);
  }

  private Reply fillMarked(State before, String priority, int delay, String payload) {
    Object[] args = {
      now(), producersRun, SOURCE, before.given(), "", "", "0", "", priority, delay, payload
    };
    return once(Script.FILL_MARKED, "", producersRun, args);
  }

  private Keys.Scope scope(int worker, State state) {
    String run = runs.get(state.get(WorkerCell.RUN, worker));
    return new Keys.Scope(sessions[worker], run, SOURCE, false);
  }

  private Reply script(Script script, int worker, Object... args) {
    String session = sessions[worker] == null ? "" : sessions[worker];
    return once(script, session, currentRun(), args);
  }

  private Reply inRun(Script script, int worker, String run, Object... args) {
    return once(script, sessions[worker], run, args);
  }

  private Reply once(Script script, String session, String run, Object... args) {
    return copies.once(script, new Keys.Scope(session, run, SOURCE, false), args);
  }

  private String currentRun() {
    String run = bench.state("run");
    return run == null ? "" : run;
  }

  private String now() {
    return new String(bench.client().now(), UTF_8);
  }

  private static void expect(String word, Reply reply) {
    assertThat(reply.word()).isEqualTo(word);
  }

  private static void expect(int number, String name, Reply reply) {
    expect("OK", reply);
    assertThat(reply.number(name)).as(name).isEqualTo(number);
  }
}
