package dev.piecework.internal.session;

import dev.piecework.Lease;
import dev.piecework.LeaseBatch;
import dev.piecework.QueueState;
import dev.piecework.Settlement;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.redis.RedisFailure;
import dev.piecework.internal.redis.Reply;
import dev.piecework.internal.redis.Script;
import dev.piecework.internal.state.StateReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

  private final QueueClient client;
  private final StateReader reader;
  private final SessionLife life;
  private final HeldLeases held;
  private final StepCall step;
  private final StepSettlements settlements;
  private final int want;
  private final List<HeldLease> recovered = new ArrayList<>();
  private boolean somethingIsDone;

  SessionStep(
      QueueClient client,
      StateReader reader,
      SessionLife life,
      List<? extends Settlement> settlements,
      int want) {
    this.client = client;
    this.reader = reader;
    this.life = life;
    this.held = life.held();
    this.step = new StepCall(client, life);
    this.settlements = new StepSettlements(held, settlements);
    this.want = Math.min(want, StepSettlements.BATCH_MAX);
  }

  /** As the last script said that ended what is not done. */
  boolean isSomethingDone() {
    return somethingIsDone;
  }

  LeaseBatch run() {
    if (held.isOver()) {
      refuseAll();
      life.enlist();
    }
    boolean through = false;
    try {
      endOthers();
      while (!settlements.fitIntoOneCall()) {
        completeAndLease(0).leases().forEach(lease -> recovered.add((HeldLease) lease));
      }
      LeaseBatch batch = completeAndLease(want);
      through = true;
      settlements.tell(life.journal());
      return batch;
    } finally {
      if (!through) {
        settlements.reopen();
        held.gaveUp(settlements.wentThrough(), recovered);
      }
    }
  }

  // Retries, burials and releases: rarer, and each kind is a script of its own.
  private void endOthers() {
    if (!settlements.hasOthers()) {
      return;
    }
    for (EndCall kind : EndCall.values()) {
      settlements.others(kind).forEach(some -> endSome(kind, some));
    }
  }

  private void endSome(EndCall kind, List<Settlement> some) {
    Reply reply =
        client
            .retry()
            .call(() -> {
              if (held.inDoubt()) {
                settle();
                settlements.retainOpen(some);
              }
              if (some.isEmpty() || held.isOver()) {
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
        somethingIsDone = reply.has("done") && reply.number("done") > 0;
        List<String> notHeld = reply.texts("refused");
        settlements.refuse(
            some.stream().filter(e -> notHeld.contains(HeldLease.of(e).stored())).toList());
      }
    }
    if (held.isOver()) {
      settlements.refuse(some);
    }
    settlements.endOthers(some);
  }

  private void doubtIfAway(RedisFailure failure, List<? extends Settlement> sent) {
    if (failure.kind() == RedisFailure.Kind.AWAY) {
      held.doubt(sent);
    }
  }

  private LeaseBatch completeAndLease(int most) {
    while (true) {
      if (held.isOver()) {
        refuseAll();
        life.enlist();
      }
      if (client.run().isEmpty() && !settlements.hasCompletions()) {
        QueueState state = reader.read().state();
        if (client.run().isEmpty() || !(state instanceof QueueState.Ready)) {
          return nothing(state);
        }
      }
      int wanted = held.holdsLostTwice() && !settlements.hasCompletions() ? 0 : most;
      Reply reply =
          client
              .retry()
              .call(() -> {
                if (held.inDoubt()) {
                  settle();
                }
                if (held.isOver() || !recovered.isEmpty()) {
                  return null;
                }
                List<Settlement.Complete> sent = settlements.nextCompletions();
                try {
                  return step.send(sent, wanted);
                } catch (RedisFailure failure) {
                  doubtIfAway(failure, sent);
                  throw failure;
                }
              });
      LeaseBatch batch = reply == null ? batchAfterDoubt() : batchOf(reply, wanted);
      if (batch != null) {
        return batch;
      }
    }
  }

  // Null: once more.
  private @Nullable LeaseBatch batchOf(Reply reply, int wanted) {
    return switch (reply.word()) {
      case "OK" -> {
        settlements.endNextCompletions();
        if (reply.number("unlisted") > 0) {
          client.sayOnce(
              "Redis is full, or the results are at their bound: items without a result are"
                  + " counted, but no longer listed among the results");
        }
        List<HeldLease> leases = step.leases(reply);
        QueueState state =
            leases.isEmpty() && wanted > 0 ? reader.read().state() : new QueueState.Ready();
        yield batch(leases, state, reply.number("left"), reply.number("alone") == 1);
      }
      case "SESSION_LOST" -> {
        life.lost(life.id());
        refuseAll();
        yield nothing(reader.read().state());
      }
      case "COPIED" -> {
        step.beside(reply.texts("others")); // nothing was changed
        yield null;
      }
      case "ASTRAY", "REFUSED" -> {
        held.doubt(List.of()); // what is not held, although each lease is ended once, was undone
        yield null;
      }
      case "UNBEGUN" -> client.begin() ? null : nothing(reader.read().state());
      case "RUN_CHANGED", "ENDED" -> {
        settlements.refuseCompletions();
        String before = client.run();
        QueueState state = reader.read().state();
        boolean goOn = client.follows() && !client.run().equals(before);
        yield goOn ? null : nothing(state);
      }
      case "PAUSED", "RESULTS_FULL" -> {
        // Why nothing was leased, which is not the state of the queue: it may be drained by now.
        settlements.endNextCompletions();
        yield nothing(reader.read().state());
      }
      default -> throw new IllegalStateException("step answered " + reply.word());
    };
  }

  private @Nullable LeaseBatch batchAfterDoubt() {
    if (held.isOver()) {
      refuseAll();
      return nothing(reader.read().state());
    }
    List<Lease> found = new ArrayList<>(recovered);
    recovered.clear();
    if (!settlements.hasCompletions()) {
      return batch(found, new QueueState.Ready(), 0, false);
    }
    // Not ended after all: end them, and lease nothing more meanwhile.
    LeaseBatch ended = completeAndLease(0);
    found.addAll(ended.leases());
    return new LeaseBatch(found, ended.refused(), new QueueState.Ready(), 0, false);
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
    life.dropped(life.id(), reply.text("dropped"));
    List<HeldLease> all = step.recorded(reply);
    Set<String> there = new HashSet<>();
    all.forEach(lease -> there.add(lease.stored()));
    settlements.settle(
        lease -> !there.contains(lease.stored()), lease -> !goneBack && held.doubts(lease));
    recovered.addAll(held.settle(all));
  }

  // The session is over: what was found of it is nobody's to hand out either.
  private void refuseAll() {
    recovered.clear();
    settlements.refuseAll();
  }

  private LeaseBatch nothing(QueueState state) {
    return batch(List.of(), state, 0, false);
  }

  private LeaseBatch batch(
      List<? extends Lease> leases, QueueState state, long left, boolean alone) {
    if (recovered.isEmpty()) {
      return new LeaseBatch(
          Collections.unmodifiableList(leases), settlements.refused(), state, left, alone);
    }
    List<Lease> all = new ArrayList<>(recovered);
    all.addAll(leases);
    recovered.clear();
    return new LeaseBatch(all, settlements.refused(), new QueueState.Ready(), left, alone);
  }
}
