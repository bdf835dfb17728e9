package dev.piecework.internal.state;

import dev.piecework.QueueSettings;
import dev.piecework.QueueStatus;
import dev.piecework.QueueStatus.Copies;
import dev.piecework.QueueStatus.OldestItem;
import dev.piecework.QueueStatus.Pace;
import dev.piecework.QueueStatus.ProducerState;
import dev.piecework.QueueStatus.ProducerView;
import dev.piecework.QueueStatus.SessionView;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.client.StoredSettings;
import dev.piecework.internal.journal.JournalReader;
import dev.piecework.internal.redis.Values;
import dev.piecework.journal.ItemTimes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/** Puts a status together: the state from its one script, the rest from what lies beside it. */
public final class StatusReader {

  private static final int MOST_SESSIONS = 1_000;

  private final QueueClient client;

  public StatusReader(QueueClient client) {
    this.client = client;
  }

  public QueueStatus read(StateReader.Reading reading) {
    Map<String, String> state = pairs(call(Command.HGETALL, "state"));
    QueueSettings settings =
        state.containsKey("format") && StoredSettings.areKept(state)
            ? StoredSettings.read(state, client.config().name())
            : client.record().settings();
    long now = client.serverMillis();
    Optional<Duration> p99 = p99(state.get("run"));
    return new QueueStatus(
        client.config().name(),
        state.get("run"),
        reading.counts(),
        reading.state(),
        state.get("paused"),
        producers(settings, now),
        sessions(settings, now, p99),
        pace(state, reading.counts(), now, p99),
        settings,
        List.of(),
        copies(state));
  }

  private static Copies copies(Map<String, String> state) {
    return new Copies(
        state.getOrDefault("copies", "").lines().count(),
        Long.parseLong(state.getOrDefault("copies-made", "0")),
        Long.parseLong(state.getOrDefault("copies-won", "0")));
  }

  private List<ProducerView> producers(QueueSettings settings, long now) {
    Map<String, String> deadlines =
        pairs(call(Command.ZRANGE, "producers", "0", "-1", "WITHSCORES"));
    Map<String, String> vanished = pairs(call(Command.HGETALL, "incomplete"));
    if (deadlines.isEmpty() && vanished.isEmpty()) {
      return List.of();
    }
    Map<String, String> sources = pairs(call(Command.HGETALL, "sources"));
    List<ProducerView> views = new ArrayList<>();
    deadlines.forEach((source, deadline) -> {
      long heard =
          Math.max(
              now - (long) Double.parseDouble(deadline) + settings.leaseTimeout().toMillis(), 0);
      String how = sources.getOrDefault(source, "open\t0\t\t0\t0\t");
      ProducerState state =
          how.startsWith("held")
              ? ProducerState.HELD
              : heard > settings.leaseTimeout().toMillis()
                  ? ProducerState.SILENT
                  : ProducerState.OPEN;
      views.add(
          new ProducerView(
              source,
              state,
              added(how),
              Duration.ofMillis(state == ProducerState.HELD ? 0 : heard)));
    });
    vanished.forEach((source, since) ->
        views.add(
            new ProducerView(
                source,
                ProducerState.VANISHED,
                added(sources.getOrDefault(source, "open\t0\t\t0\t0\t")),
                Duration.ofMillis(Math.max(now - Long.parseLong(since), 0)))));
    return views;
  }

  private static long added(String source) {
    return Long.parseLong(source.split("\t", -1)[3]);
  }

  private List<SessionView> sessions(QueueSettings settings, long now, Optional<Duration> p99) {
    Map<String, String> deadlines =
        pairs(
            call(
                Command.ZRANGE,
                "sessions",
                "0",
                Integer.toString(MOST_SESSIONS - 1),
                "WITHSCORES"));
    if (deadlines.isEmpty()) {
      return List.of();
    }
    Map<String, String> reports = pairs(call(Command.HGETALL, "reports"));
    Iterator<@Nullable Object> answers = records(deadlines.keySet()).iterator();
    List<SessionView> views = new ArrayList<>();
    deadlines.forEach((session, deadline) -> {
      Object registration = answers.next();
      Object fields = answers.next();
      long heard = now - (long) Double.parseDouble(deadline) + settings.leaseTimeout().toMillis();
      views.add(
          new SessionView(
              session,
              SessionRegistration.read(registration instanceof byte[] text ? utf8(text) : ""),
              fields instanceof Long count ? Math.max(count - 1, 0) : 0,
              oldest(reports.get(session), p99),
              Duration.ofMillis(Math.max(heard, 0)),
              heard > settings.leaseTimeout().toMillis(),
              ages(reports.get(session))));
    });
    return views;
  }

  /** Of each session its registration and how many fields its record has: two answers. */
  private List<@Nullable Object> records(Set<String> sessions) {
    List<CommandArguments> commands = new ArrayList<>();
    for (String session : sessions) {
      byte[] record = client.keys().record(session);
      commands.add(new CommandArguments(Command.HGET).key(record).add(QueueClient.utf8("")));
      commands.add(new CommandArguments(Command.HLEN).key(record));
    }
    byte[] known = client.keys().key("sessions");
    return client.retry().call(() -> client.link().callAll(known, commands));
  }

  private @Nullable OldestItem oldest(@Nullable String report, Optional<Duration> p99) {
    if (report == null) {
      return null;
    }
    String[] parts = report.split("\t", -1);
    if (parts.length < 3 || parts[0].isEmpty()) {
      return null;
    }
    Duration age = Duration.ofMillis(Long.parseLong(parts[2]));
    boolean suspicious =
        age.compareTo(Duration.ofMinutes(10)) > 0
            && p99.map(usual -> age.compareTo(usual.multipliedBy(10)) > 0).orElse(false);
    String id = client.partition().shown(parts[0]);
    return new OldestItem(id, Integer.parseInt(parts[1]), age, suspicious);
  }

  private static ItemTimes ages(@Nullable String report) {
    String[] parts = report == null ? new String[0] : report.split("\t", -1);
    return parts.length < 5 ? ItemTimes.NONE : JournalReader.parsed(parts[4]);
  }

  /** When the last of the delayed ones is due. */
  private Optional<Duration> lastDue(QueueStatus.Counts counts, long now) {
    if (counts.delayed() == 0) {
      return Optional.empty();
    }
    Values last = Values.of(call(Command.ZRANGE, "delayed", "-1", "-1", "WITHSCORES"));
    return last.size() < 2
        ? Optional.empty()
        : Optional.of(
            Duration.ofMillis(Math.max((long) Double.parseDouble(last.text(1)) - now, 0)));
  }

  private Pace pace(
      Map<String, String> state, QueueStatus.Counts counts, long now, Optional<Duration> p99) {
    String begun = state.get("begun");
    String ended = state.get("ended");
    long finished = counts.done() + counts.dead();
    double perSecond = 0;
    if (ended != null && begun != null) {
      perSecond = finished * 1_000.0 / Math.max(Long.parseLong(ended) - Long.parseLong(begun), 1);
    } else if (begun != null) {
      perSecond = latelyPerSecond(now, finished, Long.parseLong(begun));
    }
    Optional<Duration> eta =
        perSecond > 0 && counts.unfinished() > 0
            ? Optional.of(Duration.ofMillis((long) (counts.unfinished() / perSecond * 1_000)))
            : Optional.empty();
    return new Pace(instant(begun), instant(ended), perSecond, eta, p99, lastDue(counts, now));
  }

  // Over the last minute, as the heartbeats sampled it; over the whole run before there are
  // samples.
  private double latelyPerSecond(long now, long finished, long begun) {
    Values samples = Values.of(call(Command.LRANGE, "pace", "0", "-1"));
    long since = begun;
    long then = 0;
    for (int i = 0; i < samples.size(); i++) {
      String[] sample = samples.text(i).split(" ", -1);
      if (now - Long.parseLong(sample[0]) <= 60_000) {
        since = Long.parseLong(sample[0]);
        then = Long.parseLong(sample[1]);
        break;
      }
    }
    return Math.max(finished - then, 0) * 1_000.0 / Math.max(now - since, 1_000);
  }

  private Optional<Duration> p99(@Nullable String run) {
    ItemTimes times = run == null ? ItemTimes.NONE : new JournalReader(client).times(run);
    return times.count() == 0 ? Optional.empty() : Optional.of(times.quantile(0.99));
  }

  private @Nullable Object call(Command command, String key, String... args) {
    byte[][] raw = new byte[args.length][];
    for (int i = 0; i < args.length; i++) {
      raw[i] = QueueClient.utf8(args[i]);
    }
    return insist(command, client.keys().key(key), raw);
  }

  private @Nullable Object insist(Command command, byte[] key, byte[]... args) {
    return client.retry().call(() -> client.link().call(command, key, args));
  }

  private static Map<String, String> pairs(@Nullable Object raw) {
    Values reply = Values.of(raw);
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i + 1 < reply.size(); i += 2) {
      map.put(reply.text(i), reply.text(i + 1));
    }
    return map;
  }

  private static @Nullable Instant instant(@Nullable String millis) {
    return millis == null ? null : Instant.ofEpochMilli(Long.parseLong(millis));
  }

  private static String utf8(byte[] text) {
    return new String(text, java.nio.charset.StandardCharsets.UTF_8);
  }
}
