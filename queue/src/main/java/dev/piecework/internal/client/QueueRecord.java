package dev.piecework.internal.client;

import dev.piecework.QueueSettings;
import dev.piecework.QueueUnusableException;
import dev.piecework.internal.redis.Reply;
import dev.piecework.internal.redis.Script;
import dev.piecework.internal.redis.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import redis.clients.jedis.Protocol.Command;

/** What Redis has of the queue itself, items aside: whether it was made, and its settings. */
public final class QueueRecord {

  private final QueueClient client;
  private volatile boolean created;

  /**
   * @param created whether it is known to be there
   */
  QueueRecord(QueueClient client, boolean created) {
    this.client = client;
    this.created = created;
  }

  /**
   * Makes the queue unless it is there, and reads its settings. Those of a queue that never held an
   * item, and that nobody works on or fills, are written anew.
   */
  public SettingsFollowed create() {
    return create(false);
  }

  /**
   * The same.
   *
   * @param neverHeld whether it is known of a queue in partitions, whose own record holds nothing,
   *     that none of them ever held an item
   */
  public SettingsFollowed create(boolean neverHeld) {
    boolean divided = client.config().settings().partitions() > 1;
    if (divided && client.config().settings().backup()) {
      throw noBackup(client.config().name());
    }
    List<Object> args =
        new ArrayList<>(
            List.of(
                client.now(),
                StoredSettings.format(client.config().settings()),
                neverHeld ? "1" : "0"));
    Map<String, String> info = client.link().info();
    warnOfEviction(info);
    args.addAll(StoredSettings.toFields(client.config().settings(), info));
    args.addAll(
        client.partition().isWhole() ? List.of() : List.of("partition", client.partition().mark()));
    Reply reply = client.insist(Script.CREATE, client.scope(), args.toArray());
    StoredSettings.requireMark(reply.list("state"), client.partition());
    QueueSettings settings = StoredSettings.read(reply.list("state"), client.config().name());
    requirePartitions(settings.partitions());
    if (client.partition().isWhole()) {
      client.retry().call(() -> QueueRegistry.add(client.link(), client.config().name()));
    }
    created = true;
    return new SettingsFollowed(settings, StoredSettings.changesIn(reply.list("state")));
  }

  /** Who is idle in one partition does not see what the others hold. */
  public static QueueUnusableException noBackup(String queue) {
    return new QueueUnusableException(
        "queue '" + queue + "' is in partitions, which make no backup attempts: leave out backup");
  }

  // A volatile-* policy finds only the results of ended runs.
  private void warnOfEviction(Map<String, String> info) {
    String policy = info.getOrDefault("maxmemory_policy", "");
    if (policy.startsWith("allkeys") && !info.getOrDefault("maxmemory", "0").equals("0")) {
      client.sayOnce(
          "this "
              + ServerName.of(info).product()
              + " throws away whatever it likes when it is full (maxmemory-policy "
              + policy
              + "), items too: set it to noeviction");
    }
  }

  /**
   * Compares what is stored with what was asked for, or with how the queue was opened.
   *
   * @throws QueueUnusableException when they differ
   */
  private void requirePartitions(int stored) {
    int asked = client.config().settings().partitions();
    if (stored != asked) {
      throw new QueueUnusableException(
          "queue '"
              + client.config().name()
              + "' has "
              + stored
              + (stored == 1 ? " partition" : " partitions")
              + ", not "
              + asked
              + "; who comes first, worker or fill, says how many, and that never changes: leave out"
              + " the number, or fill a queue of another name");
    }
  }

  /**
   * How many partitions the queue has; from now on this client takes it for that, also when it is
   * purged and filled again. One is what nobody asked for: any number will do.
   *
   * @throws QueueUnusableException when another number was asked for
   */
  public int partitions() {
    int stored = settings().partitions();
    if (client.config().settings().partitions() > 1) {
      requirePartitions(stored);
    }
    client.wish(client.config().settings().withPartitions(stored));
    return stored;
  }

  /** The settings if the queue is there; those of the config if it is not. */
  public QueueSettings settings() {
    return client.retry().call(this::settingsNow);
  }

  /** The same, tried once. */
  public QueueSettings settingsNow() {
    Map<String, String> fields =
        StoredSettings.fields(
            Values.of(client.link().call(Command.HGETALL, client.keys().key("state"))));
    // A queue that was only looked at has a run, but nobody has said how it is to be worked.
    created =
        fields.containsKey("format") && (StoredSettings.areKept(fields) || somethingIsThere());
    return created
        ? StoredSettings.read(fields, client.config().name())
        : client.config().settings();
  }

  private boolean somethingIsThere() {
    byte[][] others =
        Script.CREATE.keyNames().stream()
            .filter(name -> !name.equals("state"))
            .map(client.keys()::key)
            .toArray(byte[][]::new);
    byte[][] rest = Arrays.copyOfRange(others, 1, others.length);
    Object there = client.link().call(Command.EXISTS, others[0], rest);
    return !Objects.equals(there, 0L);
  }

  /** Whether the queue was there when it was last looked at, or was made by this client. */
  public boolean isCreated() {
    return created;
  }

  /** It was removed. */
  void isPurged() {
    created = false;
  }
}
