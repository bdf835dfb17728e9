package dev.piecework.internal.session;

import static dev.piecework.internal.client.QueueClient.utf8;

import dev.piecework.Keep;
import dev.piecework.Settlement;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.redis.Reply;
import dev.piecework.internal.redis.Script;
import dev.piecework.internal.redis.Values;
import dev.piecework.internal.state.Entries;
import dev.piecework.internal.state.Tries;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the script {@code step} is sent, and the leases in its reply; likewise of {@code recover}.
 */
final class StepCall {

  /** Payloads of one batch: in bytes. */
  private static final int ROOM_BYTES = 1 << 20;

  private final QueueClient client;
  private final SessionLife life;
  private final Set<String> others = new LinkedHashSet<>();

  StepCall(QueueClient client, SessionLife life) {
    this.client = client;
    this.life = life;
  }

  /** Ends these, and leases up to so many; tried once. */
  Reply send(List<Settlement.Complete> completions, int wanted) {
    boolean keeps = life.settings().keep() != Keep.COUNTS;
    boolean cameBack = false;
    boolean hollow = true;
    long bytes = 0;
    List<byte[]> entries = new ArrayList<>(keeps ? completions.size() : 0);
    List<byte[]> ids = new ArrayList<>(completions.size());
    for (Settlement.Complete completion : completions) {
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
        QueueClient.bytes(
            client.now(),
            life.id(),
            client.run(),
            life.held().count(),
            wanted,
            ROOM_BYTES,
            completions.size(),
            cameBack ? "1" : "0",
            keeps && !completions.isEmpty() ? Long.toString(bytes) : "",
            hollow ? "1" : "0"));
    args.addAll(ids);
    args.addAll(entries);
    return client.eval(Script.STEP, keys(), args);
  }

  /** These sessions hold some of the items too: their records go with what is sent from now on. */
  void beside(List<String> sessions) {
    others.addAll(sessions);
  }

  private List<byte[]> keys() {
    if (others.isEmpty()) {
      return life.keysNoting(Script.STEP);
    }
    List<byte[]> keys = new ArrayList<>(client.keys().of(Script.STEP, life.scope()));
    keys.add(client.keys().key("leases"));
    keys.add(client.keys().key("stops"));
    others.forEach(other -> keys.add(client.keys().record(other)));
    return keys;
  }

  /** The leases that the reply gives; they are held from now on. */
  List<HeldLease> leases(Reply reply) {
    Values raw = reply.list("raw");
    Values aside = reply.list("aside");
    if (raw.size() + aside.size() == 0) {
      return List.of();
    }
    HeldLease.Given given = life.given(reply.number("token"));
    List<HeldLease> leases = new ArrayList<>(raw.size() + aside.size() / 3);
    addTriples(leases, given, aside, Map.of());
    long first = reply.number("first");
    for (int i = 0; i < raw.size(); i++) {
      leases.add(new HeldLease(given, Long.toString(first + i), raw.bytes(i), Tries.NONE));
    }
    life.held().hold(leases);
    return leases;
  }

  /** All leases of the session's record. */
  List<HeldLease> recorded(Reply recover) {
    List<HeldLease> all = new ArrayList<>();
    Values known = recover.list("known");
    Map<String, Long> tokens = new HashMap<>();
    for (int i = 0; i < known.size(); i += 2) {
      tokens.put(known.text(i), known.number(i + 1));
    }
    addTriples(all, life.given(recover.number("token")), recover.list("items"), tokens);
    return all;
  }

  // Id, payload, tries.
  private void addTriples(
      List<HeldLease> leases,
      HeldLease.Given given,
      Values triples,
      Map<String, Long> otherTokens) {
    for (int i = 0; i < triples.size(); i += 3) {
      String tried = triples.text(i + 2);
      Long token = otherTokens.get(triples.text(i));
      leases.add(
          new HeldLease(
              token == null ? given : life.given(token),
              triples.text(i),
              triples.bytes(i + 1),
              tried.isEmpty() ? Tries.NONE : Tries.parse(tried)));
    }
  }
}
