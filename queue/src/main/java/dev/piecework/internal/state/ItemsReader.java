package dev.piecework.internal.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.ItemState;
import dev.piecework.ItemView;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.redis.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/** Looks at items, page by page: what is looked at may change meanwhile. */
public final class ItemsReader {

  private static final int PAGE = 100;

  private final QueueClient client;

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

  /** The item with this id, if it is dead. */
  public Optional<ItemView> dead(String id) {
    byte[] field = QueueClient.utf8(id);
    Duration age = ageIn(ItemState.DEAD, field);
    return age != null && call(Command.HGET, "payloads", field) instanceof byte[] payload
        ? Optional.of(view(id, ItemState.DEAD, payload, age))
        : Optional.empty();
  }

  public Optional<ItemView> withId(String id) {
    if (id.isEmpty()) {
      return Optional.empty(); // in a session's record that field is no item
    }
    byte[] field = QueueClient.utf8(id);
    if (call(Command.HGET, "payloads", field) instanceof byte[] payload) {
      ItemState state =
          call(Command.ZSCORE, "dead", field) != null
              ? ItemState.DEAD
              : call(Command.ZSCORE, "delayed", field) != null
                  ? ItemState.DELAYED
                  : ItemState.WAITING;
      return Optional.of(view(id, state, payload, ageIn(state, field)));
    }
    for (String session : sessions()) {
      byte[] record = client.keys().record(session);
      if (insist(Command.HGET, record, field) instanceof byte[] payload) {
        return Optional.of(held(id, payload, session));
      }
    }
    return Stream.concat(done(), waiting()).filter(item -> id.equals(item.id())).findFirst();
  }

  /** The envelope in which an item with this id waits. */
  public Optional<byte[]> envelopeOf(String id) {
    return Stream.of("high", "numbered", "low")
        .flatMap(key ->
            pages(from -> {
              Values page =
                  Values.of(call(Command.LRANGE, key, number(from), number(from + PAGE - 1)));
              return new Page<>(
                  IntStream.range(0, page.size())
                      .mapToObj(page::bytes)
                      .filter(entry -> id.equals(idIn(entry)))
                      .toList(),
                  page.size());
            }))
        .findFirst();
  }

  private static String idIn(byte[] envelope) {
    int tab = indexOf(envelope, '\t');
    return new String(envelope, tab + 1, indexOf(envelope, '\n') - tab - 1, UTF_8);
  }

  private Stream<ItemView> waiting() {
    return Stream.of(
            "lost_twice", "lost_once", "returned", "high", "next", "list", "numbered", "low")
        .flatMap(key ->
            pages(from -> {
              Values page =
                  Values.of(call(Command.LRANGE, key, number(from), number(from + PAGE - 1)));
              List<ItemView> items = new ArrayList<>();
              for (int i = 0; i < page.size(); i++) {
                ItemView item = waitingIn(key, page.bytes(i));
                if (item != null) {
                  items.add(item);
                }
              }
              return new Page<>(items, page.size());
            }));
  }

  private @Nullable ItemView waitingIn(String key, byte[] entry) {
    return switch (key) {
      case "next", "list" -> fresh(null, entry);
      case "high", "numbered", "low" -> {
        int line = indexOf(entry, '\n');
        yield fresh(idIn(entry), java.util.Arrays.copyOfRange(entry, line + 1, entry.length));
      }
      default ->
          call(Command.HGET, "payloads", entry) instanceof byte[] payload
              ? view(new String(entry, UTF_8), ItemState.WAITING, payload, null)
              : null; // leased meanwhile
    };
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
        List.of());
  }

  private Stream<ItemView> leased() {
    return sessions().stream()
        .flatMap(session -> {
          Values all = Values.of(insist(Command.HGETALL, client.keys().record(session)));
          List<ItemView> items = new ArrayList<>();
          for (int i = 0; i + 1 < all.size(); i += 2) {
            if (!all.text(i).isEmpty()) {
              items.add(held(all.text(i), all.bytes(i + 1), session));
            }
          }
          return items.stream();
        });
  }

  private ItemView held(String id, byte[] payload, String session) {
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
        item.history());
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

  private Stream<ItemView> indexed(ItemState state) {
    return pages(from -> {
      Values page =
          Values.of(call(Command.ZRANGE, state.word(), number(from), number(from + PAGE - 1)));
      List<ItemView> items = new ArrayList<>();
      for (int i = 0; i < page.size(); i++) {
        byte[] id = page.bytes(i);
        if (call(Command.HGET, "payloads", id) instanceof byte[] payload) {
          items.add(view(page.text(i), state, payload, ageIn(state, id)));
        }
      }
      return new Page<>(items, page.size());
    });
  }

  private Stream<ItemView> done() {
    return new ResultsReader(client)
        .all()
        .map(result ->
            new ItemView(
                result.id(),
                ItemState.DONE,
                result.payload(),
                new ItemView.Attempts(result.attempt(), 0, 0),
                result.worker(),
                null,
                null,
                List.of()));
  }

  private ItemView view(String id, ItemState state, byte[] payload, @Nullable Duration age) {
    byte[] field = QueueClient.utf8(id);
    Tries tries =
        call(Command.HGET, "tries", field) instanceof byte[] text
            ? Tries.parse(new String(text, UTF_8))
            : Tries.NONE;
    AttemptEvidence evidence = AttemptEvidence.of(call(Command.HGET, "evidence", field));
    return new ItemView(
        id,
        state,
        payload,
        new ItemView.Attempts(tries.attempt() - 1, tries.failed(), tries.losses()),
        evidence.worker(),
        age,
        evidence.error(),
        evidence.attempts());
  }

  private @Nullable Duration ageIn(ItemState state, byte[] id) {
    Object score =
        state == ItemState.DEAD || state == ItemState.DELAYED
            ? call(Command.ZSCORE, state.word(), id)
            : null;
    if (!(score instanceof byte[] millis)) {
      return null;
    }
    long then = (long) Double.parseDouble(new String(millis, UTF_8));
    return Duration.ofMillis(client.serverMillis() - then);
  }

  private record Page<T>(List<T> items, int read) {}

  private static <T> Stream<T> pages(LongFunction<Page<T>> read) {
    Iterator<List<T>> pages =
        new Iterator<>() {
          private long from;
          private boolean more = true;

          @Override
          public boolean hasNext() {
            return more;
          }

          @Override
          public List<T> next() {
            Page<T> page = read.apply(from);
            from += page.read();
            more = page.read() == PAGE;
            return page.items();
          }
        };
    Iterable<List<T>> all = () -> pages;
    return java.util.stream.StreamSupport.stream(all.spliterator(), false).flatMap(List::stream);
  }

  private @Nullable Object call(Command command, String key, byte[]... args) {
    return insist(command, client.keys().key(key), args);
  }

  private @Nullable Object insist(Command command, byte[] key, byte[]... args) {
    return client.retry().call(() -> client.link().call(command, key, args));
  }

  private static byte[] number(long value) {
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
