package dev.piecework.internal.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Every key of one queue, all in one hash slot. The names are those that the headers of the scripts
 * use; docs/protocol.md says what is in each.
 */
public final class Keys {

  /** A set of the names of all queues; a hint for listing. The one key outside the slot. */
  public static final String QUEUES = "piecework:queues";

  private final String queue;
  private final Map<String, byte[]> fixed = new HashMap<>();
  private final Map<Script, Made> made = new ConcurrentHashMap<>();

  public Keys(String queue) {
    this.queue = queue;
    fixed.put("list", utf8(queue)); // list: raw payloads that wait; what people rpush into
    fixed.put("processing", utf8(queue + ":processing")); // list: what rediswq workers hold
    for (String name :
        List.of(
            "next", // list: raw payloads that a blocked worker was woken with; they still wait
            "state", // hash: run, counters, settings
            "sessions", // sorted set: session by deadline in ms; 0 while it is being reaped
            "reports", // hash: session to what it is working on
            "stops", // hash: session to which of its leases persons have dropped
            "leases", // hash: id to "session token ms", while backup attempts are made
            "leaving", // set: sessions that lease nothing more
            "returned", // list: ids that wait again, never lost
            "tries", // hash: id to "failed losses notyet", for what came back
            "evidence", // hash: id to why its attempts failed
            "delayed", // sorted set: id by when it is due, in ms
            "high", // list: envelopes
            "numbered", // list: envelopes of normal priority
            "low", // list: envelopes
            "dead", // sorted set: id by when it died, in ms
            "producers", // sorted set: source by deadline in ms
            "sources", // hash: source to state, offset, digest, counts, owner
            "incomplete", // hash: vanished source to when
            "ids", // set: ids that producers gave
            "runs", // list: the last 100 ended runs, newest first
            "pace", // list: samples "ms finished"
            "followup", // hash: who does what follows the end of the run, and how that ended
            "grouped")) { // hash: dead id to "group run"
      fixed.put(name, inSlot(name));
    }
    // Format 1 stores these under other names.
    fixed.put("lost_once", inSlot("suspects")); // list: ids that wait again, lost once
    fixed.put("lost_twice", inSlot("culprits")); // list: ids that wait again, lost twice or more
    fixed.put("payloads", inSlot("parked")); // hash: id to payload, of returned, delayed and dead
    fixed.put("wakeups", inSlot("bell")); // list: one element wakes one idle worker
  }

  /** The queue's name. */
  public String queue() {
    return queue;
  }

  /** One of the keys whose name does not depend on anything. */
  public byte[] key(String name) {
    byte[] key = fixed.get(name);
    if (key == null) {
      throw new IllegalArgumentException("no key is named " + name);
    }
    return key;
  }

  /** Hash: what a session holds, id to payload; the empty field is its registration. */
  public byte[] record(String session) {
    return utf8("{" + queue + "}:session:" + session);
  }

  /** List: results of a run, by sequence number. */
  public byte[] results(String run) {
    return utf8("{" + queue + "}:results:" + run);
  }

  /** List: every failed attempt of a run, if the queue keeps the history. */
  public byte[] history(String run) {
    return utf8("{" + queue + "}:history:" + run);
  }

  /** What is kept of a run beside its items: a part of its journal. */
  public byte[] journal(String part, String run) {
    return utf8("{" + queue + "}:" + part + ":" + run);
  }

  /** All that is kept of a run after its end. */
  public List<byte[]> kept(String run) {
    return List.of(
        results(run),
        history(run),
        journal("journal", run),
        journal("points", run),
        journal("slowest", run),
        journal("sample", run));
  }

  /** String: one byte for each record of a source, to find the line where an input differs. */
  public byte[] fingerprints(String run, String source) {
    return utf8("{" + queue + "}:prints:" + run + ":" + source);
  }

  /** What a script's keys may depend on. */
  public record Scope(String session, String run, String source, boolean cluster) {
    /** Nothing but the queue. */
    public static Scope queue(String run, boolean cluster) {
      return new Scope("", run, "", cluster);
    }

    /** The same of another run. */
    public Scope of(String other) {
      return new Scope(session, other, source, cluster);
    }
  }

  private record Made(Scope scope, List<byte[]> keys) {}

  /** The keys that a script declares, in its order: mostly the same as at the last call. */
  public List<byte[]> of(Script script, Scope scope) {
    Made last = made.get(script);
    if (last != null && last.scope.equals(scope)) {
      return last.keys;
    }
    List<byte[]> keys = List.copyOf(make(script, scope));
    made.put(script, new Made(scope, keys));
    return keys;
  }

  private List<byte[]> make(Script script, Scope scope) {
    List<byte[]> keys = new ArrayList<>(script.keyNames().size());
    for (String name : script.keyNames()) {
      switch (name) {
        case "record" -> keys.add(record(scope.session));
        case "results" -> keys.add(results(scope.run));
        case "history" -> keys.add(history(scope.run));
        case "journal", "points", "slowest", "sample" -> keys.add(journal(name, scope.run));
        case "fingerprints" -> keys.add(fingerprints(scope.run, scope.source));
        case "processing?" -> {
          if (!scope.cluster) {
            keys.add(key("processing"));
          }
        }
        default -> keys.add(key(name));
      }
    }
    return keys;
  }

  private byte[] inSlot(String name) {
    return utf8("{" + queue + "}:" + name);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
