package dev.piecework.internal.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.ItemState;
import dev.piecework.ItemView;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.journal.JournalReader;
import dev.piecework.internal.redis.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/** Looks at items, page by page: what is looked at may change meanwhile. */
public final class ItemsReader {

  static final int PAGE = 100;

  private final QueueClient client;
  private @Nullable Map<String, String> groups;

  public ItemsReader(QueueClient client) {
    this.client = client;
  }

  public Stream<ItemView> in(ItemState state) {
    return switch (state) {
      case WAITING -> waiting();
      case LEASED -> leased();
      case DELAYED, DEAD -> indexed(state);
      case DONE -> done();
    };
  }

  /** Those of these items that are dead, in five calls however many they are. */
  public List<ItemView> dead(List<String> ids) {
    if (ids.isEmpty()) {
      return List.of();
    }
    byte[][] fields = ids.stream().map(QueueClient::utf8).toArray(byte[][]::new);
    return views(ItemState.DEAD, fields, Values.of(call(Command.ZMSCORE, "dead", fields)).parts());
  }

  static String idIn(byte[] envelope) {
    int tab = indexOf(envelope, '\t');
    return new String(envelope, tab + 1, indexOf(envelope, '\n') - tab - 1, UTF_8);
  }

  private Stream<ItemView> waiting() {
    return pages(
        List.of("lost_twice", "lost_once", "returned", "high", "next", "list", "numbered", "low"),
        (key, from) -> {
          Values page = Values.of(call(Command.LRANGE, key, number(from), number(from + PAGE - 1)));
          List<ItemView> items = new ArrayList<>();
          for (int i = 0; i < page.size(); i++) {
            ItemView item = waitingIn(key, page.bytes(i));
            if (item != null) {
              items.add(item);
            }
          }
          return new Page<>(items, page.size());
        });
  }

  private @Nullable ItemView waitingIn(String key, byte[] entry) {
    return switch (key) {
      case "next", "list" -> fresh(null, entry);
      case "high", "numbered", "low" -> waitingIn(entry);
      default ->
          call(Command.HGET, "payloads", entry) instanceof byte[] payload
              ? view(new String(entry, UTF_8), ItemState.WAITING, payload, null)
              : null; // leased meanwhile
    };
  }

  /** What waits in this envelope. */
  static ItemView waitingIn(byte[] envelope) {
    int line = indexOf(envelope, '\n');
    return fresh(idIn(envelope), Arrays.copyOfRange(envelope, line + 1, envelope.length));
  }

  private static ItemView fresh(@Nullable String id, byte[] payload) {
    return new ItemView(
        id,
        ItemState.WAITING,
        payload,
        new ItemView.Attempts(0, 0, 0),
        null,
        null,
        null,
        List.of(),
        null);
  }

  // What two hold is one item: that of the first.
  private Stream<ItemView> leased() {
    Set<String> copies = copies();
    return sessions().stream()
        .flatMap(session -> {
          Values all = Values.of(insist(Command.HGETALL, client.keys().record(session)));
          List<ItemView> items = new ArrayList<>();
          for (int i = 0; i + 1 < all.size(); i += 2) {
            if (!all.text(i).isEmpty() && !copies.contains(session + ' ' + all.text(i))) {
              items.add(held(all.text(i), all.bytes(i + 1), session));
            }
          }
          return items.stream();
        });
  }

  private Set<String> copies() {
    Set<String> copies = new HashSet<>();
    if (call(Command.HGET, "state", QueueClient.utf8("copies")) instanceof byte[] lines) {
      for (String line : new String(lines, UTF_8).split("\n", -1)) {
        String[] parts = line.split(" ", 5);
        if (parts.length == 5) {
          copies.add(parts[1] + ' ' + parts[4]);
        }
      }
    }
    return copies;
  }

  ItemView held(String id, byte[] payload, String session) {
    ItemView item = view(id, ItemState.LEASED, payload, null);
    ItemView.Attempts tries = item.attempts();
    return new ItemView(
        id,
        ItemState.LEASED,
        payload,
        new ItemView.Attempts(tries.begun() + 1, tries.failed(), tries.losses()),
        session,
        workedOnFor(id, session),
        item.error(),
        item.history(),
        null);
  }

  // What the session's last heartbeat said, if it is about this item.
  private @Nullable Duration workedOnFor(String id, String session) {
    if (call(Command.HGET, "reports", QueueClient.utf8(session)) instanceof byte[] text) {
      String[] report = new String(text, UTF_8).split("\t", -1);
      return report.length > 2 && report[0].equals(id)
          ? Duration.ofMillis(Long.parseLong(report[2]))
          : null;
    }
    return null;
  }

  /** The sessions that Redis knows. */
  public List<String> sessions() {
    Values all = Values.of(call(Command.ZRANGE, "sessions", number(0), number(-1)));
    return IntStream.range(0, all.size()).mapToObj(all::text).toList();
  }

  // A page in five calls, whatever its length: a person may ask for thousands.
  private Stream<ItemView> indexed(ItemState state) {
    return pages(
        List.of(state.word()),
        (index, from) -> {
          Values page =
              Values.of(
                  call(
                      Command.ZRANGE,
                      index,
                      number(from),
                      number(from + PAGE - 1),
                      QueueClient.utf8("WITHSCORES")));
          int read = page.size() / 2;
          if (read == 0) {
            return new Page<>(List.of(), 0);
          }
          byte[][] ids = new byte[read][];
          List<@Nullable Object> since = new ArrayList<>();
          for (int i = 0; i < read; i++) {
            ids[i] = page.bytes(2 * i);
            since.add(page.bytes(2 * i + 1));
          }
          return new Page<>(views(state, ids, since), read);
        });
  }

  // Those that are still there; each with since when it is.
  private List<ItemView> views(ItemState state, byte[][] ids, List<?> since) {
    List<?> payloads = Values.of(call(Command.HMGET, "payloads", ids)).parts();
    List<?> tries = Values.of(call(Command.HMGET, "tries", ids)).parts();
    List<?> evidence = Values.of(call(Command.HMGET, "evidence", ids)).parts();
    List<?> marks =
        state == ItemState.DEAD
            ? Values.of(call(Command.HMGET, "grouped", ids)).parts()
            : Collections.nCopies(ids.length, null);
    long now = client.serverMillis();
    List<ItemView> items = new ArrayList<>();
    for (int i = 0; i < ids.length; i++) {
      if (payloads.get(i) instanceof byte[] payload && since.get(i) instanceof byte[] millis) {
        items.add(
            view(
                new String(ids[i], UTF_8),
                new Place(state, age(now, millis), groupMarked(marks.get(i))),
                payload,
                tries.get(i),
                evidence.get(i)));
      }
    }
    return items;
  }

  private static Duration age(long now, byte[] since) {
    return Duration.ofMillis(now - (long) Double.parseDouble(new String(since, UTF_8)));
  }

  Stream<ItemView> done() {
    return new ResultsReader(client)
        .allThatAreThere()
        .map(result ->
            new ItemView(
                result.id(),
                ItemState.DONE,
                result.payload(),
                new ItemView.Attempts(result.attempt(), 0, 0),
                result.worker(),
                null,
                null,
                List.of(),
                null));
  }

  ItemView view(String id, ItemState state, byte[] payload, @Nullable Duration age) {
    byte[] field = QueueClient.utf8(id);
    String group =
        state == ItemState.DEAD ? groupMarked(call(Command.HGET, "grouped", field)) : null;
    return view(
        id,
        new Place(state, age, group),
        payload,
        call(Command.HGET, "tries", field),
        call(Command.HGET, "evidence", field));
  }

  /** Where an item is, for how long, and if it is dead in which group. */
  private record Place(ItemState state, @Nullable Duration age, @Nullable String group) {}

  private static ItemView view(
      String id,
      Place place,
      byte[] payload,
      @Nullable Object storedTries,
      @Nullable Object storedEvidence) {
    Tries tries =
        storedTries instanceof byte[] text ? Tries.parse(new String(text, UTF_8)) : Tries.NONE;
    AttemptEvidence evidence = AttemptEvidence.of(storedEvidence);
    return new ItemView(
        id,
        place.state(),
        payload,
        new ItemView.Attempts(tries.attempt() - 1, tries.failed(), tries.losses()),
        evidence.worker(),
        place.age(),
        evidence.error(),
        evidence.attempts(),
        place.group());
  }

  private @Nullable String groupMarked(@Nullable Object mark) {
    if (!(mark instanceof byte[] text)) {
      return null;
    }
    Map<String, String> known = groups;
    if (known == null) {
      known = new JournalReader(client).groupsByMark();
      groups = known;
    }
    return known.get(new String(text, UTF_8));
  }

  @Nullable Duration ageIn(ItemState state, byte[] id) {
    Object score =
        state == ItemState.DEAD || state == ItemState.DELAYED
            ? call(Command.ZSCORE, state.word(), id)
            : null;
    if (!(score instanceof byte[] millis)) {
      return null;
    }
    return age(client.serverMillis(), millis);
  }

  private record Page<T>(List<T> items, int read) {}

  /** Page after page of one key after the other: no more is read than is asked for. */
  private static <T> Stream<T> pages(List<String> keys, PageReader<T> reader) {
    Iterator<List<T>> pages =
        new Iterator<>() {
          private int key;
          private long from;

          @Override
          public boolean hasNext() {
            return key < keys.size();
          }

          @Override
          public List<T> next() {
            Page<T> page = reader.read(keys.get(key), from);
            from += page.read();
            if (page.read() < PAGE) {
              key++;
              from = 0;
            }
            return page.items();
          }
        };
    Iterable<List<T>> all = () -> pages;
    return java.util.stream.StreamSupport.stream(all.spliterator(), false).flatMap(List::stream);
  }

  private interface PageReader<T> {
    Page<T> read(String key, long from);
  }

  @Nullable Object call(Command command, String key, byte[]... args) {
    return insist(command, client.keys().key(key), args);
  }

  @Nullable Object insist(Command command, byte[] key, byte[]... args) {
    return client.retry().call(() -> client.link().call(command, key, args));
  }

  static byte[] number(long value) {
    return QueueClient.utf8(Long.toString(value));
  }

  private static int indexOf(byte[] entry, char wanted) {
    int at = 0;
    while (entry[at] != wanted) {
      at++;
    }
    return at;
  }
}
