package dev.piecework.internal.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.HumanDuration;
import dev.piecework.Lease;
import dev.piecework.QueueSettings;
import dev.piecework.Session;
import dev.piecework.SessionInfo;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.client.SettingsFollowed;
import dev.piecework.internal.redis.Keys.Scope;
import dev.piecework.internal.redis.Reply;
import dev.piecework.internal.redis.Script;
import dev.piecework.internal.state.SessionRegistration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/**
 * One session's lives, one after the other: how it joins, is heard, leaves, and is lost. When a
 * life is over (reaped) the next begins with nothing held.
 */
final class SessionLife {

  private final SingleSession session;
  private final QueueClient client;
  private volatile SessionInfo info;
  private final String worker;
  private final SessionJournal journal;
  private final HeldLeases held = new HeldLeases();
  private final SessionReport report = new SessionReport(held);

  private volatile SettingsFollowed settings;
  private volatile boolean leaving;
  private volatile @Nullable Runnable onLost;
  private volatile @Nullable Consumer<Lease> onDropped;
  private volatile @Nullable Consumer<Lease> onOvertaken;
  private volatile @Nullable IntConsumer onSlots;

  SessionLife(SingleSession session, QueueClient client, SessionInfo info) {
    this.session = session;
    this.client = client;
    this.info = info;
    this.worker = SessionRegistration.clean(info.worker());
    this.journal = new SessionJournal(worker);
    this.settings = new SettingsFollowed(client.config().settings(), 0);
  }

  String id() {
    return held.sessionId();
  }

  String worker() {
    return worker;
  }

  SessionJournal journal() {
    return journal;
  }

  QueueSettings settings() {
    return settings.now();
  }

  /** A third of the lease timeout that the last heartbeat was told. */
  Duration interval() {
    return settings.interval();
  }

  Scope scope() {
    return client.scope(id(), "");
  }

  HeldLeases held() {
    return held;
  }

  HeldLease.Given given(long token) {
    return new HeldLease.Given(session, client.partition(), id(), token, System.nanoTime());
  }

  void reportBy(Session.Reporter reporter) {
    report.by(reporter);
  }

  void onLost(Runnable action) {
    onLost = action;
  }

  void onDropped(Consumer<Lease> action) {
    onDropped = action;
  }

  void onOvertaken(Consumer<Lease> action) {
    onOvertaken = action;
  }

  void onSlots(IntConsumer action) {
    onSlots = action;
  }

  /** From the worker itself: others see it, and a next life begins with it. */
  void slots(int slots) {
    info = info.withSlots(slots);
    Reply unused = client.insist(Script.SET_SLOTS, scope(), id(), slots);
  }

  // A person writes the number where this session has registered.
  private QueueSettings read(String ofSession) {
    Object text =
        client.link().call(Command.HGET, client.keys().record(ofSession), QueueClient.utf8(""));
    int slots =
        text instanceof byte[] bytes
            ? SessionRegistration.read(new String(bytes, UTF_8)).slots()
            : info.slots();
    IntConsumer action = onSlots;
    if (slots > 0 && slots != info.slots()) {
      info = info.withSlots(slots);
      if (action != null) {
        action.accept(slots);
      }
    }
    return client.record().settingsNow();
  }

  /** Joins under a new id. */
  void enlist() {
    String name = info.worker().replaceAll("[^A-Za-z0-9._-]", "-");
    // The line below says that this client knows of copies: without it back_up makes none.
    String next = name.substring(0, Math.min(name.length(), 60)) + "_" + QueueClient.newId(6);
    Scope scope = client.scope(next, "");
    SettingsFollowed read = client.record().create();
    Reply reply =
        client.insist(Script.ENLIST, scope, client.now(), next, SessionRegistration.write(info));
    read.heard(reply.number("timeout"), reply.number("changes"), client.record()::settings);
    settings = read;
    held.begin(next);
    if (leaving) {
      leaving();
    }
  }

  /** The session was reaped: nothing is held any more. */
  void lost(String lostId) {
    if (!held.end(lostId)) {
      return;
    }
    client
        .config()
        .access()
        .notices()
        .accept(
            "session "
                + lostId
                + " is no longer known to Redis (not heard for a lease timeout of "
                + HumanDuration.format(settings.now().leaseTimeout())
                + ", or purged or lost with its data): its leases are lost");
    Runnable action = onLost;
    if (action != null) {
      action.run();
    }
  }

  void leaving() {
    leaving = true;
    client.insist(Script.LEAVING, scope(), id());
  }

  /** Ends the session in Redis, if it holds nothing. */
  boolean leave(boolean early) {
    List<Object> args = new ArrayList<>(List.of(client.now(), id(), early ? "1" : "0"));
    Reply reply =
        journal.tell(
            report,
            part -> {
              args.addAll(part);
              return client.insist(Script.LEAVE, scope(), args.toArray());
            });
    return reply.is("OK");
  }

  /** One heartbeat, tried once. */
  boolean beat(ExpiryWatch expiryWatch) {
    if (held.isOver()) {
      return true; // the next call enlists
    }
    String current = id();
    List<Object> args =
        new ArrayList<>(List.of(client.now(), current, report.text(), held.toldOfDrops()));
    Reply reply =
        journal.tell(
            report,
            part -> {
              args.addAll(part);
              return client.once(Script.BEAT, client.scope(current, ""), args.toArray());
            });
    if (reply.is("SESSION_LOST")) {
      lost(current);
    } else {
      expiryWatch.noneFor(reply.number("nextexpiry"));
      dropped(current, reply.text("dropped"));
      settings.heard(reply.number("timeout"), reply.number("changes"), () -> read(current));
    }
    return true;
  }

  /** Leases that were taken away alone, as {@code recover} and {@code beat} tell of them. */
  void dropped(String ofSession, String lines) {
    for (HeldLease lost : held.dropped(ofSession, lines)) {
      Consumer<Lease> action = lost.isOvertaken() ? onOvertaken : onDropped;
      if (action != null) {
        action.accept(lost);
      }
    }
  }

  /**
   * The keys of a script that notes what is leased, and forgets it, while the queue makes backup
   * attempts.
   */
  List<byte[]> keysNoting(Script script) {
    List<byte[]> keys = client.keys().of(script, scope());
    if (!settings().backup()) {
      return keys;
    }
    List<byte[]> more = new ArrayList<>(keys.size() + 1);
    more.addAll(keys);
    more.add(client.keys().key("leases"));
    return more;
  }
}
