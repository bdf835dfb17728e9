package dev.piecework.internal.fill;

import dev.piecework.FillOptions;
import dev.piecework.FillRefusedException;
import dev.piecework.FillReport;
import dev.piecework.Item;
import dev.piecework.Priority;
import dev.piecework.QueueSettings;
import dev.piecework.RunLostException;
import dev.piecework.SessionInfo;
import dev.piecework.internal.client.Durability;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.client.SettingsFollowed;
import dev.piecework.internal.fill.SentChunks.Chunk;
import dev.piecework.internal.redis.Keys.Scope;
import dev.piecework.internal.redis.Reply;
import dev.piecework.internal.redis.Script;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/**
 * A producer's source as Redis has it: an offset and a digest, which only the chunk that continues
 * there moves on. So a chunk whose reply was lost may be sent again, and so may those that a
 * rollback undid.
 */
public final class Source {

  private final QueueClient client;
  private final FillOptions options;
  private final SettingsFollowed settings;
  private final SentChunks sent = new SentChunks();
  private final String name;
  private final String run;
  private final long resumedAt;
  private final String resumedDigest;
  private final long addedBefore;
  private final String before;
  private long end;
  private boolean accepted;
  private byte @Nullable [] fingerprints;

  /**
   * @param id of the run that begins if none is under way; names the source if nobody does
   * @param begins whether one may begin, or the source is to go on with the run that is there, also
   *     if that has ended
   */
  public Source(
      QueueClient client,
      SettingsFollowed settings,
      FillOptions options,
      String id,
      boolean begins) {
    this.client = client;
    this.options = options;
    this.settings = settings;
    String wanted = options.source();
    Reply opened = open(wanted == null ? "fill-" + id.substring(0, 12) : wanted, begins ? id : "");
    this.run = opened.text("run");
    this.name = opened.text("source");
    this.resumedAt = opened.number("offset");
    this.resumedDigest = opened.text("digest");
    this.addedBefore = opened.number("added");
    this.before = opened.text("before");
    settings.heard(opened.number("timeout"), opened.number("changes"), client.record()::settings);
    if (!client.follows() || client.run().isEmpty()) {
      client.workFor(run);
    }
    this.end = resumedAt;
  }

  String name() {
    return name;
  }

  long resumedAt() {
    return resumedAt;
  }

  QueueSettings settings() {
    return settings.now();
  }

  /** How often it must be heard. */
  Duration interval() {
    return settings.interval();
  }

  private Reply open(String wanted, String newRun) {
    SessionInfo self = SessionInfo.local(1);
    String who =
        self.host()
            + "\t"
            + self.pid()
            + "\t"
            + self.started().toEpochMilli()
            + "\t"
            + self.worker();
    List<String> alive = new ArrayList<>();
    String takeover = "";
    while (true) {
      List<Object> args = new ArrayList<>();
      args.add(client.now());
      args.add(wanted);
      args.add(newRun);
      args.add(who);
      args.add(options.continueOnlyBroken() ? "1" : "0");
      args.add(takeover);
      args.addAll(alive);
      Reply reply = client.insist(Script.PRODUCE, client.scope(), args.toArray());
      if (reply.is("OK")) {
        return reply;
      }
      if (reply.is("NO_RUN")) {
        throw new RunLostException(
            "queue '" + client.config().name() + "' has no run to go on with: it was purged");
      }
      String busy = reply.text("source");
      if (owner(reply.text("who")).isKnownDead()) {
        takeover = busy;
      } else if (options.continueOnlyBroken()) {
        alive.add(busy);
      } else {
        SessionInfo owner = owner(reply.text("who"));
        throw new FillRefusedException(
            "source '"
                + busy
                + "' is being filled by process "
                + owner.pid()
                + " on "
                + owner.worker()
                + "; wait for it, or choose another name");
      }
    }
  }

  /** Who registered a source, from what the scripts keep. */
  static SessionInfo owner(String who) {
    String[] parts = who.split("\t", -1);
    return new SessionInfo(
        parts[3],
        1,
        parts[0],
        Long.parseLong(parts[1]),
        Instant.ofEpochMilli(Long.parseLong(parts[2])));
  }

  /** At the end of the part that was filled before: is it the same input? */
  void compare(long count, long record, byte print, InputDigest digest) {
    if (count <= knownFingerprints().length && knownFingerprints()[(int) count - 1] != print) {
      throw differs("at record " + record);
    }
    if (count == resumedAt && !digest.hex().equals(resumedDigest)) {
      throw differs("somewhere in its first " + resumedAt + " records");
    }
  }

  private FillRefusedException differs(String where) {
    return new FillRefusedException(
        "the input of source '"
            + name
            + "' differs from what was filled before, "
            + where
            + "; nothing was added. Fill it as another source, or purge the queue");
  }

  private byte[] knownFingerprints() {
    byte[] known = fingerprints;
    if (known == null) {
      Object read =
          client
              .retry()
              .call(() -> client.link().call(Command.GET, client.keys().fingerprints(run, name)));
      known = read instanceof byte[] bytes ? bytes : new byte[0];
      fingerprints = known;
    }
    return known;
  }

  /** Sends a chunk, and those before it that a rollback undid. */
  void send(Chunk chunk) {
    sent.add(chunk, System.nanoTime());
    end = chunk.end();
    Reply reply = sendOnce(chunk);
    while (!reply.is("OK")) {
      long at = reply.is("OFFSET") ? reply.number("offset") : -1;
      if (at == chunk.end()) {
        accepted = true;
        return; // it had been accepted, and the reply was lost
      }
      reply = at >= 0 && at < chunk.offset() ? sendAgain(at) : refuse(reply);
    }
    accepted = true;
  }

  private Reply sendAgain(long from) {
    List<Chunk> again = sent.from(from);
    if (again.isEmpty()) {
      throw new RunLostException(
          "Redis went back in time by more than is kept for sending again: source '"
              + name
              + "' stands at record "
              + from
              + "; run the same fill again");
    }
    client
        .config()
        .access()
        .notices()
        .accept(
            "Redis has gone back in time: source '"
                + name
                + "' is sent again from record "
                + (from + 1));
    Reply last = sendOnce(again.getFirst());
    for (Chunk chunk : again.subList(1, again.size())) {
      if (last.is("OK")) {
        last = sendOnce(chunk);
      }
    }
    return last;
  }

  private Reply refuse(Reply reply) {
    switch (reply.word()) {
      case "TAKEN" ->
          throw new FillRefusedException(
              "the id '"
                  + reply.text("id")
                  + "' is used already in this run (record "
                  + (reply.number("index") + 1)
                  + " of the last chunk); --unique skips such records");
      case "RUN_CHANGED", "UNKNOWN" ->
          throw new RunLostException(
              "run "
                  + run
                  + " of queue '"
                  + client.config().name()
                  + "' is gone (Redis lost its data, or the queue was purged); what was filled is"
                  + " lost with it");
      case "OFFSET" ->
          throw new FillRefusedException(
              "another producer is filling from source '"
                  + name
                  + "': it stands at record "
                  + reply.number("offset"));
      default -> throw new IllegalStateException("fill answered " + reply.word());
    }
  }

  private Scope scope() {
    return new Scope("", run, name, client.link().isCluster());
  }

  private Reply sendOnce(Chunk chunk) {
    boolean plain =
        !options.unique()
            && chunk.items().stream()
                .allMatch(item ->
                    item.id() == null
                        && item.priority() == Priority.NORMAL
                        && item.delay().isZero());
    List<Object> args = new ArrayList<>(8 + chunk.items().size());
    args.add(client.now());
    args.add(run);
    args.add(name);
    args.add(chunk.offset());
    args.add(chunk.digest());
    // Nobody can fill again, and compare with, a source whose name nobody gave.
    args.add(options.source() == null ? new byte[0] : chunk.fingerprints());
    if (plain) {
      chunk.items().forEach(item -> args.add(item.payload()));
      return insist(Script.FILL, args);
    }
    args.add(options.unique() ? "1" : "0");
    for (Item item : chunk.items()) {
      args.add(item.id() == null ? "" : item.id());
      args.add(item.priority().name().toLowerCase(Locale.ROOT));
      args.add(Math.max(item.delay().toMillis(), item.delay().isZero() ? 0 : 1));
      args.add(item.payload());
    }
    return insist(Script.FILL_MARKED, args);
  }

  private Reply insist(Script script, List<Object> args) {
    return client.insist(script, scope(), args.toArray());
  }

  /** One heartbeat, tried once. */
  public boolean beat() {
    Reply reply = client.once(Script.BEAT_PRODUCER, scope(), client.now(), run, name);
    if (!reply.is("OK")) {
      return false;
    }
    settings.heard(reply.number("timeout"), reply.number("changes"), client.record()::settingsNow);
    return true;
  }

  /**
   * The input will not be read to its end. A source that was only compared is closed again. One
   * that was refused says so, for nobody will come back with the same input as it is: if it gave
   * nothing it is forgotten. Any other falls silent, as if its process had been killed.
   */
  void breakOff(boolean refused) {
    boolean gaveNothing = !accepted;
    String how =
        gaveNothing && before.equals("closed")
            ? "closed"
            : refused ? gaveNothing && before.equals("new") ? "gone" : "vanished" : "";
    if (!how.isEmpty()) {
      client.once(Script.BREAK_OFF, scope(), client.now(), name, how);
    }
  }

  /** Waits until all is durable, sends again what was undone meanwhile, and closes. */
  public FillReport finish(boolean hold, @Nullable Runnable syncToDisk) {
    String durability = sync(syncToDisk);
    while (true) {
      Reply closed = client.insist(Script.CLOSE_SOURCE, scope(), run, name, hold ? "1" : "0", end);
      if (closed.is("OK")) {
        long added = closed.number("added");
        return new FillReport(
            name, added - addedBefore, addedBefore, closed.number("skipped"), durability);
      }
      Reply again = closed.is("OFFSET") ? sendAgain(closed.number("offset")) : closed;
      if (!again.is("OK")) {
        refuse(again);
      }
      durability = sync(syncToDisk);
    }
  }

  private String sync(@Nullable Runnable syncToDisk) {
    if (syncToDisk == null) {
      return new Durability(client, client.keys().fingerprints(run, name)).await();
    }
    syncToDisk.run();
    return "on disk";
  }
}
