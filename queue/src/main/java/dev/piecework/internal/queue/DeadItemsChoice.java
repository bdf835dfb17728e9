package dev.piecework.internal.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.DeadItems;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.journal.JournalReader;
import dev.piecework.internal.redis.Values;
import dev.piecework.internal.state.AttemptEvidence;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/** The ids of those dead items that are meant, of those that were dead when this was made. */
final class DeadItemsChoice {

  private static final int IN_ONE_CALL = 500;

  /** An item has up to 64 KiB of evidence. */
  private static final int LOOKED_AT_IN_ONE_CALL = 100;

  private final QueueClient client;
  private final DeadItems which;
  private final List<String> dead;
  private final @Nullable String group;

  DeadItemsChoice(QueueClient client, DeadItems which) {
    this.client = client;
    this.which = which;
    this.group =
        which instanceof DeadItems.InGroup some
            ? new JournalReader(client).stored(some.id())
            : null;
    this.dead = which instanceof DeadItems.WithId one ? List.of(one.id()) : allDead();
  }

  // In one read: by pages it would miss some whenever others are moved meanwhile.
  private List<String> allDead() {
    byte[] key = client.keys().key("dead");
    return client.retry().call(() -> client.link().range(key, 0, -1)).texts();
  }

  /** Some at a time, each list as long as one call may be; the lists may be empty. */
  Stream<List<String>> chosen() {
    int step = which instanceof DeadItems.WithError ? LOOKED_AT_IN_ONE_CALL : IN_ONE_CALL;
    return IntStream.iterate(0, from -> from < dead.size(), from -> from + step)
        .mapToObj(from -> chosen(dead.subList(from, Math.min(from + step, dead.size()))));
  }

  private List<String> chosen(List<String> ids) {
    return switch (which) {
      case DeadItems.All all -> ids;
      case DeadItems.WithId one -> ids;
      case DeadItems.WithError some ->
          those(
              ids,
              "evidence",
              stored -> {
                String error = AttemptEvidence.of(stored).error();
                return error != null && error.contains(some.text());
              });
      case DeadItems.InGroup some ->
          group == null
              ? List.of()
              : those(ids, "grouped", stored -> stored != null && utf8(stored).equals(group));
    };
  }

  // Those of which this hash holds such a value.
  private List<String> those(List<String> ids, String hash, Predicate<byte @Nullable []> such) {
    byte[] key = client.keys().key(hash);
    byte[][] fields = ids.stream().map(QueueClient::utf8).toArray(byte[][]::new);
    Values values =
        Values.of(client.retry().call(() -> client.link().call(Command.HMGET, key, fields)));
    List<String> these = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      if (such.test((byte[]) values.parts().get(i))) {
        these.add(ids.get(i));
      }
    }
    return these;
  }

  private static String utf8(byte[] text) {
    return new String(text, UTF_8);
  }
}
