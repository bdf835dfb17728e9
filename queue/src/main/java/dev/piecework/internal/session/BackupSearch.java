package dev.piecework.internal.session;

import dev.piecework.SessionInfo;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.journal.JournalReader;
import dev.piecework.internal.redis.Values;
import dev.piecework.internal.state.SessionRegistration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/**
 * Reads what the rule for backup attempts has to know: who holds what since when, how long items
 * took, and how many slots there are. Changes nothing.
 */
final class BackupSearch {

  /** While more is leased there is no end of a bag to be looked after. */
  private static final long MOST_LEASED = 5_000;

  private static final int OLDEST = 100;

  /**
   * Of so many sessions the slots are asked for; of more it is these, and what they make likely.
   */
  private static final int SESSIONS_ASKED = 100;

  /** Copies under way at a time: one for so many slots, but at least one. */
  private static final int SLOTS_PER_COPY = 10;

  private final QueueClient client;
  private final Map<String, SessionInfo> known = new HashMap<>();

  BackupSearch(QueueClient client) {
    this.client = client;
  }

  /** What this session should start again, in this order. */
  List<LeaseElsewhere> worthCopying(String session, String worker) {
    List<LeaseElsewhere> held = heldElsewhere(session);
    if (held.isEmpty()) {
      return List.of();
    }
    JournalReader.Times times = new JournalReader(client).timesByWorker(client.run());
    return new BackupRule(times.all(), times.byWorker()).worthCopying(held, worker);
  }

  private record Note(String session, long token, long since, String id) {}

  private List<LeaseElsewhere> heldElsewhere(String session) {
    if (call(Command.HLEN, "leases") instanceof Long count && count > MOST_LEASED) {
      return List.of();
    }
    Values pairs = Values.of(call(Command.HGETALL, "leases"));
    List<Note> notes = new ArrayList<>();
    for (int i = 0; i + 1 < pairs.size(); i += 2) {
      String[] parts = pairs.text(i + 1).split(" ", -1);
      if (!parts[0].equals(session)) {
        long token = Long.parseLong(parts[1]);
        notes.add(new Note(parts[0], token, Long.parseLong(parts[2]), pairs.text(i)));
      }
    }
    notes.sort(Comparator.comparingLong(Note::since));
    List<LeaseElsewhere> held = new ArrayList<>();
    if (notes.isEmpty()) {
      return held;
    }
    long now = client.serverMillis();
    for (Note note : notes.subList(0, Math.min(notes.size(), OLDEST))) {
      SessionInfo holder = info(note.session());
      if (holder != null) {
        Duration age = Duration.ofMillis(Math.max(now - note.since(), 0));
        held.add(new LeaseElsewhere(note.session(), holder.worker(), note.id(), note.token(), age));
      }
    }
    return held;
  }

  /** How many copies there may be at a time, by the slots of all sessions. */
  int most() {
    List<String> sessions = Values.of(call(Command.ZRANGE, "sessions", "0", "-1")).texts();
    known.keySet().retainAll(sessions);
    long slots = 0;
    int asked = 0;
    for (String session : sessions.subList(0, Math.min(sessions.size(), SESSIONS_ASKED))) {
      SessionInfo info = info(session);
      slots += info == null ? 0 : info.slots();
      asked++;
    }
    long all = asked == 0 ? 0 : slots * sessions.size() / asked;
    return (int) Math.clamp(all / SLOTS_PER_COPY, 1, MOST_LEASED);
  }

  // Null where it is over.
  private @Nullable SessionInfo info(String session) {
    SessionInfo info = known.get(session);
    if (info == null
        && client
                .retry()
                .call(() -> {
                  byte[] record = client.keys().record(session);
                  return client.link().call(Command.HGET, record, QueueClient.utf8(""));
                })
            instanceof byte[] text) {
      info = SessionRegistration.read(new String(text, java.nio.charset.StandardCharsets.UTF_8));
      known.put(session, Objects.requireNonNull(info));
    }
    return info;
  }

  private @Nullable Object call(Command command, String key, String... arguments) {
    byte[][] raw = new byte[arguments.length][];
    for (int i = 0; i < arguments.length; i++) {
      raw[i] = QueueClient.utf8(arguments[i]);
    }
    return client.retry().call(() -> client.link().call(command, client.keys().key(key), raw));
  }
}
