package dev.piecework.internal.session;

import static dev.piecework.internal.client.QueueClient.utf8;

import dev.piecework.Keep;
import dev.piecework.Lease;
import dev.piecework.LeaseBatch;
import dev.piecework.QueueState;
import dev.piecework.Settlement;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.redis.RedisFailure;
import dev.piecework.internal.redis.Reply;
import dev.piecework.internal.redis.Script;
import dev.piecework.internal.redis.Values;
import dev.piecework.internal.state.Entries;
import dev.piecework.internal.state.StateReader;
import dev.piecework.internal.state.Tries;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One step of a session: settlements, then a batch.
 *
 * <p>A call whose reply was lost may have been done. The session's record tells: a lease that is
 * not in it was ended by us, unless a person has dropped its item (nobody else takes from a living
 * session's record), and what is in it unknown to us was leased to us. So after a failure the
 * record is read before anything is repeated; and also when Redis has another number of items there
 * than we know of, for then it went back in time.
 */
final class SessionStep {

  private static final int BATCH_MAX = 1_000;
  private static final int ROOM_BYTES = 1 << 20;

  private final QueueClient client;
  private final StateReader reader;
  private final SessionLife life;
  private final int want;
  private final List<Settlement.Complete> completions = new ArrayList<>();
  private final List<Settlement> others = new ArrayList<>();
  private final List<Settlement> refused = new ArrayList<>();
  private final List<HeldLease> recovered = new ArrayList<>();
  private final List<HeldLease> wentThrough = new ArrayList<>();

  SessionStep(
      QueueClient client,
      StateReader reader,
      SessionLife life,
      List<? extends Settlement> settlements,
      int want) {
    this.client = client;
    this.reader = reader;
    this.life = life;
    this.want = Math.min(want, BATCH_MAX);
    for (Settlement settlement : settlements) {
      if (life.hadGoneThrough(settlement.lease())) {
        continue; // in a step that gave up afterwards
      }
      if (!(settlement.lease() instanceof HeldLease lease) || !life.holds(lease) || !lease.end()) {
        refused.add(settlement);
      } else if (settlement instanceof Settlement.Complete completion) {
        completions.add(completion);
      } else {
        others.add(settlement);
      }
    }
  }

  LeaseBatch run() {
    if (life.isOver()) {
      refuseAll();
      life.enlist();
    }
    boolean through = false;
    try {
      endOthers();
      while (completions.size() > BATCH_MAX) {
        completeAndLease(0).leases().forEach(lease -> recovered.add((HeldLease) lease));
      }
      LeaseBatch batch = completeAndLease(want);
      through = true;
      return batch;
    } finally {
      if (!through) {
        completions.forEach(open -> HeldLease.of(open).reopen());
        others.forEach(open -> HeldLease.of(open).reopen());
        life.gaveUp(wentThrough, recovered);
      }
    }
  }

  // Retries, burials and releases: rarer, and each kind is a script of its own.
  private void endOthers() {
    if (others.isEmpty()) {
      return;
    }
    for (EndCall kind : EndCall.values()) {
      List<Settlement> these = others.stream().filter(kind::is).toList();
      for (int from = 0; from < these.size(); from += BATCH_MAX) {
        endSome(
            kind, new ArrayList<>(these.subList(from, Math.min(from + BATCH_MAX, these.size()))));
      }
    }
  }

  private void endSome(EndCall kind, List<Settlement> some) {
    Reply reply =
        client
            .retry()
            .call(() -> {
              if (life.inDoubt()) {
                settle();
                some.removeIf(settlement -> !others.contains(settlement));
              }
              if (some.isEmpty() || life.isOver()) {
                return null;
              }
              try {
                return kind.call(client, life, some);
              } catch (RedisFailure failure) {
                doubtIfAway(failure, some);
                throw failure;
              }
            });
    if (reply != null) {
      if (reply.is("SESSION_LOST")) {
        life.lost(life.id());
      } else {
        List<String> notHeld = reply.texts("refused");
        some.stream().filter(e -> notHeld.contains(HeldLease.of(e).stored())).forEach(refused::add);
      }
    }
    if (life.isOver()) {
      refused.addAll(some);
    }
    for (Settlement ended : some) {
      life.forget(HeldLease.of(ended));
      wentThrough.add(HeldLease.of(ended));
    }
    // By identity: there may be ten thousands, each compared with a thousand.
    Set<Settlement> over = Collections.newSetFromMap(new IdentityHashMap<>());
    over.addAll(some);
    others.removeIf(over::contains);
    refused.forEach(lost -> wentThrough.remove(lost.lease()));
  }

  private void doubtIfAway(RedisFailure failure, List<? extends Settlement> settlements) {
    if (failure.kind() == RedisFailure.Kind.AWAY) {
      life.doubt(settlements);
    }
  }

  private LeaseBatch completeAndLease(int most) {
    while (true) {
      if (life.isOver()) {
        refuseAll();
        life.enlist();
      }
      if (client.run().isEmpty() && completions.isEmpty()) {
        QueueState state = reader.read().state();
        if (client.run().isEmpty() || !(state instanceof QueueState.Ready)) {
          return nothing(state);
        }
      }
      int wanted = life.holdsLostTwice() && completions.isEmpty() ? 0 : most;
      Reply reply =
          client
              .retry()
              .call(() -> {
                if (life.inDoubt()) {
                  settle();
                }
                if (life.isOver() || !recovered.isEmpty()) {
                  return null;
                }
                try {
                  return call(wanted);
                } catch (RedisFailure failure) {
                  doubtIfAway(failure, completions());
                  throw failure;
                }
              });
      LeaseBatch batch = reply == null ? batchAfterDoubt() : batchOf(reply, wanted);
      if (batch != null) {
        return batch;
      }
    }
  }

  private Reply call(int wanted) {
    boolean keeps = life.settings().keep() != Keep.COUNTS;
    boolean cameBack = false;
    boolean hollow = true;
    long bytes = 0;
    List<Settlement.Complete> sent = completions();
    List<byte[]> entries = new ArrayList<>(keeps ? sent.size() : 0);
    List<byte[]> ids = new ArrayList<>(sent.size());
    for (Settlement.Complete completion : sent) {
      HeldLease lease = HeldLease.of(completion);
      ids.add(utf8(lease.stored()));
      cameBack |= lease.cameBack();
      byte[] result = completion.result();
      hollow &= result == null || result.length == 0;
      if (keeps) {
        byte[] entry = Entries.encode(lease.stored(), completion, life.worker());
        bytes += entry.length;
        entries.add(entry);
      }
    }
    List<byte[]> args = new ArrayList<>(10 + ids.size() + entries.size());
    args.addAll(
        QueueClient.bytes(
            client.now(),
            life.id(),
            client.run(),
            life.holds(),
            wanted,
            ROOM_BYTES,
            sent.size(),
            cameBack ? "1" : "0",
            keeps && !sent.isEmpty() ? Long.toString(bytes) : "",
            hollow ? "1" : "0"));
    args.addAll(ids);
    args.addAll(entries);
    return client.once(Script.STEP, life.scope(), args);
  }

  // Null: once more.
  private @Nullable LeaseBatch batchOf(Reply reply, int wanted) {
    return switch (reply.word()) {
      case "OK" -> {
        endCompletions();
        if (reply.number("unlisted") > 0) {
          client.sayOnce(
              "Redis is full, or the results are at their bound: items without a result are"
                  + " counted, but no longer listed among the results");
        }
        List<HeldLease> leases = leases(reply);
        QueueState state =
            leases.isEmpty() && wanted > 0 ? reader.read().state() : new QueueState.Ready();
        yield batch(leases, state, reply.number("left"), reply.number("alone") == 1);
      }
      case "SESSION_LOST" -> {
        life.lost(life.id());
        refuseAll();
        yield nothing(reader.read().state());
      }
      case "ASTRAY", "REFUSED" -> {
        life.doubt(List.of()); // what is not held, although each lease is ended once, was undone
        yield null;
      }
      case "UNBEGUN" -> client.begin() ? null : nothing(reader.read().state());
      case "RUN_CHANGED", "ENDED" -> {
        refuseCompletions();
        String before = client.run();
        QueueState state = reader.read().state();
        boolean goOn = client.follows() && !client.run().equals(before);
        yield goOn ? null : nothing(state);
      }
      case "PAUSED", "RESULTS_FULL" -> {
        // Why nothing was leased, which is not the state of the queue: it may be drained by now.
        endCompletions();
        yield nothing(reader.read().state());
      }
      default -> throw new IllegalStateException("step answered " + reply.word());
    };
  }

  private LeaseBatch nothing(QueueState state) {
    return batch(List.of(), state, 0, false);
  }

  private void refuseCompletions() {
    refused.addAll(completions);
    completions.forEach(completion -> life.forget(HeldLease.of(completion)));
    completions.clear();
  }

  private @Nullable LeaseBatch batchAfterDoubt() {
    if (life.isOver()) {
      refuseAll();
      return nothing(reader.read().state());
    }
    List<Lease> found = new ArrayList<>(recovered);
    recovered.clear();
    if (completions.isEmpty()) {
      return batch(found, new QueueState.Ready(), 0, false);
    }
    // Not ended after all: end them, and lease nothing more meanwhile.
    LeaseBatch ended = completeAndLease(0);
    found.addAll(ended.leases());
    return new LeaseBatch(found, ended.refused(), new QueueState.Ready(), 0, false);
  }

  private List<HeldLease> leases(Reply reply) {
    Values raw = reply.list("raw");
    Values aside = reply.list("aside");
    if (raw.size() + aside.size() == 0) {
      return List.of();
    }
    HeldLease.Given given = life.given(reply.number("token"));
    List<HeldLease> leases = new ArrayList<>(raw.size() + aside.size() / 3);
    addTriples(leases, given, aside);
    long first = reply.number("first");
    for (int i = 0; i < raw.size(); i++) {
      leases.add(new HeldLease(given, Long.toString(first + i), raw.bytes(i), Tries.NONE));
    }
    life.hold(leases);
    return leases;
  }

  private static void addTriples(List<HeldLease> leases, HeldLease.Given given, Values triples) {
    for (int i = 0; i < triples.size(); i += 3) {
      String tried = triples.text(i + 2);
      leases.add(
          new HeldLease(
              given,
              triples.text(i),
              triples.bytes(i + 1),
              tried.isEmpty() ? Tries.NONE : Tries.parse(tried)));
    }
  }

  // Finds out what became of calls whose replies were lost. Those of the settlements that went
  // through are taken away; so are, as refused, those of leases that are not held for another
  // reason.
  private void settle() {
    long seen = client.highestToken();
    Reply reply = client.once(Script.RECOVER, life.scope(), client.now(), life.id());
    boolean goneBack = reply.number("prevtoken") < seen;
    if (reply.is("SESSION_LOST")) {
      life.lost(life.id());
      return;
    }
    life.dropped(reply.text("dropped"));
    HeldLease.Given given = life.given(reply.number("token"));
    List<HeldLease> all = new ArrayList<>();
    addTriples(all, given, reply.list("items"));
    Set<String> there = new HashSet<>();
    all.forEach(lease -> there.add(lease.stored()));
    Predicate<Settlement> isGone =
        settlement -> {
          HeldLease lease = HeldLease.of(settlement);
          boolean gone = !there.contains(lease.stored());
          if (gone && !goneBack && life.doubts(lease)) {
            wentThrough.add(lease);
          } else if (gone) {
            refused.add(settlement);
          }
          return gone;
        };
    completions.removeIf(isGone);
    others.removeIf(isGone);
    recovered.addAll(life.settle(all));
  }

  private void endCompletions() {
    List<Settlement.Complete> ended = completions();
    life.forget(ended);
    for (Settlement.Complete completion : ended) {
      wentThrough.add(HeldLease.of(completion));
    }
    ended.clear();
  }

  // Those that go with the next call: a part of the list itself.
  private List<Settlement.Complete> completions() {
    return completions.subList(0, Math.min(completions.size(), BATCH_MAX));
  }

  // The session is over: what was found of it is nobody's to hand out either.
  private void refuseAll() {
    recovered.clear();
    refused.addAll(completions);
    refused.addAll(others);
    completions.clear();
    others.clear();
  }

  private LeaseBatch batch(
      List<? extends Lease> leases, QueueState state, long left, boolean alone) {
    if (recovered.isEmpty()) {
      return new LeaseBatch(
          Collections.unmodifiableList(leases), List.copyOf(refused), state, left, alone);
    }
    List<Lease> all = new ArrayList<>(recovered);
    all.addAll(leases);
    recovered.clear();
    return new LeaseBatch(all, List.copyOf(refused), new QueueState.Ready(), left, alone);
  }
}
