package dev.piecework;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.redis.Keys;
import dev.piecework.internal.redis.Reply;
import dev.piecework.internal.redis.Script;
import dev.piecework.model.Scenario;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import redis.clients.jedis.Protocol.Command;

/** What a queue that makes backup attempts wants besides, of the scripts that the model calls. */
final class CopiesOnRedis {

  private static final Set<Script> NOTING =
      EnumSet.of(Script.STEP, Script.RETRY, Script.BURY, Script.RELEASE);

  private final Bench bench;
  private final boolean noting;

  CopiesOnRedis(Bench bench, Scenario scenario) {
    this.bench = bench;
    this.noting = scenario.may().contains(Scenario.Feature.COPIES);
  }

  /** An id that says that its client knows of copies. */
  static String session(String name, int life) {
    return String.format("%s_%012x", name, life);
  }

  /** Calls a script, with the key in which leases are noted where it wants that. */
  Reply once(Script script, Keys.Scope scope, Object... args) {
    QueueClient client = bench.client();
    Reply reply = client.eval(script, keys(script, scope, List.of()), QueueClient.bytes(args));
    // What another session holds too is completed with that one's record.
    return reply.is("COPIED")
        ? client.eval(script, keys(script, scope, reply.texts("others")), QueueClient.bytes(args))
        : reply;
  }

  private List<byte[]> keys(Script script, Keys.Scope scope, List<String> beside) {
    Keys keys = bench.client().keys();
    List<byte[]> all = new ArrayList<>(keys.of(script, scope));
    if (noting && NOTING.contains(script)) {
      all.add(keys.key("leases"));
    }
    if (!beside.isEmpty()) {
      all.add(keys.key("stops"));
      beside.forEach(session -> all.add(keys.record(session)));
    }
    return all;
  }

  /** A second lease of what is noted as this item's. */
  Reply backUp(Keys.Scope scope, int holds, String id) {
    QueueClient client = bench.client();
    Object note = requireNonNull(bench.raw(Command.HGET, "leases", id), "the lease is noted");
    String[] holderAndToken = new String((byte[]) note, UTF_8).split(" ", -1);
    List<byte[]> keys = new ArrayList<>(client.keys().of(Script.BACK_UP, scope));
    keys.add(client.keys().record(holderAndToken[0]));
    return client.eval(
        Script.BACK_UP,
        keys,
        QueueClient.bytes(
            client.now(),
            scope.session(),
            scope.run(),
            holds,
            holderAndToken[0],
            id,
            holderAndToken[1],
            9));
  }
}
