package dev.piecework.internal.session;

import static dev.piecework.internal.client.Contact.utf8;

import dev.piecework.Ending;
import dev.piecework.Keep;
import dev.piecework.Lease;
import dev.piecework.Lot;
import dev.piecework.Standing;
import dev.piecework.internal.client.Contact;
import dev.piecework.internal.redis.RedisFailure;
import dev.piecework.internal.redis.Reply;
import dev.piecework.internal.redis.Script;
import dev.piecework.internal.redis.Values;
import dev.piecework.internal.state.Entries;
import dev.piecework.internal.state.Standings;
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
 * One step of a session: endings, then a lot.
 *
 * <p>A call whose reply was lost may have been done. The session's record tells: a lease that is
 * not in it was ended by us, unless a person has dropped its item (nobody else takes from a living
 * session's record), and what is in it unknown to us was leased to us. So after a failure the
 * record is read before anything is repeated; and also when Redis has another number of items there
 * than we know of, for then it went back in time.
 */
final class SessionStep {

  private static final int LOT_MAX = 1_000;
  private static final int ROOM_BYTES = 1 << 20;

  private final Contact contact;
  private final Standings standings;
  private final SessionLife life;
  private final int want;
  private final List<Ending.Complete> completions = new ArrayList<>();
  private final List<Ending> others = new ArrayList<>();
  private final List<Ending> refused = new ArrayList<>();
  private final List<HeldLease> recovered = new ArrayList<>();
  private final List<HeldLease> wentThrough = new ArrayList<>();

  SessionStep(
      Contact contact,
      Standings standings,
      SessionLife life,
      List<? extends Ending> endings,
      int want) {
    this.contact = contact;
    this.standings = standings;
    this.life = life;
    this.want = Math.min(want, LOT_MAX);
    for (Ending ending : endings) {
      if (life.hadGoneThrough(ending.lease())) {
        continue; // in a step that gave up afterwards
      }
      if (!(ending.lease() instanceof HeldLease lease) || !life.holds(lease) || !lease.end()) {
        refused.add(ending);
      } else if (ending instanceof Ending.Complete completion) {
        completions.add(completion);
      } else {
        others.add(ending);
      }
    }
  }

  Lot run() {
    if (life.isOver()) {
      refuseAll();
      life.enlist();
    }
    boolean through = false;
    try {
      endOthers();
      while (completions.size() > LOT_MAX) {
        completeAndLease(0).leases().forEach(lease -> recovered.add((HeldLease) lease));
      }
      Lot lot = completeAndLease(want);
      through = true;
      return lot;
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
      List<Ending> these = others.stream().filter(kind::is).toList();
      for (int from = 0; from < these.size(); from += LOT_MAX) {
        endSome(kind, new ArrayList<>(these.subList(from, Math.min(from + LOT_MAX, these.size()))));
      }
    }
  }

  private void endSome(EndCall kind, List<Ending> some) {
    Reply reply =
        contact
            .patience()
            .insist(() -> {
              if (life.inDoubt()) {
                settle();
                some.removeIf(ending -> !others.contains(ending));
              }
              if (some.isEmpty() || life.isOver()) {
                return null;
              }
              try {
                return kind.call(contact, life, some);
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
    for (Ending ended : some) {
      life.forget(HeldLease.of(ended));
      wentThrough.add(HeldLease.of(ended));
    }
    // By identity: there may be ten thousands, each compared with a thousand.
    Set<Ending> over = Collections.newSetFromMap(new IdentityHashMap<>());
    over.addAll(some);
    others.removeIf(over::contains);
    refused.forEach(lost -> wentThrough.remove(lost.lease()));
  }

  private void doubtIfAway(RedisFailure failure, List<? extends Ending> endings) {
    if (failure.kind() == RedisFailure.Kind.AWAY) {
      life.doubt(endings);
    }
  }

  private Lot completeAndLease(int most) {
    while (true) {
      if (life.isOver()) {
        refuseAll();
        life.enlist();
      }
      if (contact.run().isEmpty() && completions.isEmpty()) {
        Standing standing = standings.read().standing();
        if (contact.run().isEmpty() || !(standing instanceof Standing.Ready)) {
          return nothing(standing);
        }
      }
      int wanted = life.holdsCulprit() && completions.isEmpty() ? 0 : most;
      Reply reply =
          contact
              .patience()
              .insist(() -> {
                if (life.inDoubt()) {
                  settle();
                }
                if (life.isOver() || !recovered.isEmpty()) {
                  return null;
                }
                try {
                  return call(wanted);
                } catch (RedisFailure failure) {
                  doubtIfAway(failure, batch());
                  throw failure;
                }
              });
      Lot lot = reply == null ? lotAfterDoubt() : lotOf(reply, wanted);
      if (lot != null) {
        return lot;
      }
    }
  }

  private Reply call(int wanted) {
    boolean keeps = life.settings().keep() != Keep.COUNTS;
    boolean cameBack = false;
    boolean hollow = true;
    long bytes = 0;
    List<Ending.Complete> batch = batch();
    List<byte[]> entries = new ArrayList<>(keeps ? batch.size() : 0);
    List<byte[]> ids = new ArrayList<>(batch.size());
    for (Ending.Complete completion : batch) {
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
        Contact.bytes(
            contact.now(),
            life.id(),
            contact.run(),
            life.holds(),
            wanted,
            ROOM_BYTES,
            batch.size(),
            cameBack ? "1" : "0",
            keeps && !batch.isEmpty() ? Long.toString(bytes) : "",
            hollow ? "1" : "0"));
    args.addAll(ids);
    args.addAll(entries);
    return contact.once(Script.STEP, life.scope(), args);
  }

  // Null: once more.
  private @Nullable Lot lotOf(Reply reply, int wanted) {
    return switch (reply.word()) {
      case "OK" -> {
        endCompletions();
        if (reply.number("unlisted") > 0) {
          contact.sayOnce(
              "Redis is full, or the results are at their bound: items without a result are"
                  + " counted, but no longer listed among the results");
        }
        List<HeldLease> leases = leases(reply);
        Standing standing =
            leases.isEmpty() && wanted > 0 ? standings.read().standing() : new Standing.Ready();
        yield lot(leases, standing, reply.number("left"), reply.number("alone") == 1);
      }
      case "SESSION_LOST" -> {
        life.lost(life.id());
        refuseAll();
        yield nothing(standings.read().standing());
      }
      case "ASTRAY", "REFUSED" -> {
        life.doubt(List.of()); // what is not held, although each lease is ended once, was undone
        yield null;
      }
      case "UNBEGUN" -> contact.begin() ? null : nothing(standings.read().standing());
      case "RUN_CHANGED", "ENDED" -> {
        refuseCompletions();
        String before = contact.run();
        Standing standing = standings.read().standing();
        boolean goOn = contact.follows() && !contact.run().equals(before);
        yield goOn ? null : nothing(standing);
      }
      case "PAUSED", "RESULTS_FULL" -> {
        // Why nothing was leased, which is not how the queue stands: it may be drained by now.
        endCompletions();
        yield nothing(standings.read().standing());
      }
      default -> throw new IllegalStateException("step answered " + reply.word());
    };
  }

  private Lot nothing(Standing standing) {
    return lot(List.of(), standing, 0, false);
  }

  private void refuseCompletions() {
    refused.addAll(completions);
    completions.forEach(completion -> life.forget(HeldLease.of(completion)));
    completions.clear();
  }

  private @Nullable Lot lotAfterDoubt() {
    if (life.isOver()) {
      refuseAll();
      return nothing(standings.read().standing());
    }
    List<Lease> found = new ArrayList<>(recovered);
    recovered.clear();
    if (completions.isEmpty()) {
      return lot(found, new Standing.Ready(), 0, false);
    }
    // Not ended after all: end them, and lease nothing more meanwhile.
    Lot ended = completeAndLease(0);
    found.addAll(ended.leases());
    return new Lot(found, ended.refused(), new Standing.Ready(), 0, false);
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

  // Finds out what became of calls whose replies were lost. Those of the endings that went through
  // are taken away; so are, as refused, those of leases that are not held for another reason.
  private void settle() {
    long seen = contact.highestToken();
    Reply reply = contact.once(Script.RECOVER, life.scope(), contact.now(), life.id());
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
    Predicate<Ending> isGone =
        ending -> {
          HeldLease lease = HeldLease.of(ending);
          boolean gone = !there.contains(lease.stored());
          if (gone && !goneBack && life.doubts(lease)) {
            wentThrough.add(lease);
          } else if (gone) {
            refused.add(ending);
          }
          return gone;
        };
    completions.removeIf(isGone);
    others.removeIf(isGone);
    recovered.addAll(life.settle(all));
  }

  private void endCompletions() {
    List<Ending.Complete> ended = batch();
    life.forget(ended);
    for (Ending.Complete completion : ended) {
      wentThrough.add(HeldLease.of(completion));
    }
    ended.clear();
  }

  // Those that go with the next call: a part of the list itself.
  private List<Ending.Complete> batch() {
    return completions.subList(0, Math.min(completions.size(), LOT_MAX));
  }

  // The session is over: what was found of it is nobody's to hand out either.
  private void refuseAll() {
    recovered.clear();
    refused.addAll(completions);
    refused.addAll(others);
    completions.clear();
    others.clear();
  }

  private Lot lot(List<? extends Lease> leases, Standing standing, long left, boolean alone) {
    if (recovered.isEmpty()) {
      return new Lot(
          Collections.unmodifiableList(leases), List.copyOf(refused), standing, left, alone);
    }
    List<Lease> all = new ArrayList<>(recovered);
    all.addAll(leases);
    recovered.clear();
    return new Lot(all, List.copyOf(refused), new Standing.Ready(), left, alone);
  }
}
