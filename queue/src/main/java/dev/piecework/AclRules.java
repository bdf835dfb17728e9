package dev.piecework;

import dev.piecework.internal.redis.Script;
import java.util.List;
import java.util.TreeSet;

/**
 * What a Redis user must be allowed for all that this library does, and nothing more: rules as
 * {@code ACL SETUSER} takes them. Those of the scripts are read from the scripts.
 */
public final class AclRules {

  /** What the library calls beside its scripts. */
  private static final List<String> CALLED =
      List.of(
          "blmove",
          "blpop",
          "client|setname",
          "evalsha",
          "get",
          "info",
          "script|load",
          "smembers",
          "time",
          "wait",
          "zmscore");

  private AclRules() {}

  /**
   * The rules for one queue, or for all whose names begin alike.
   *
   * @param queue a queue's name, or the beginning of names and a {@code *}
   * @param waitsForDisk whether the server has WAITAOF, as Redis from 7.2 on
   * @throws IllegalArgumentException when that is no name of a queue
   */
  public static List<String> forQueue(String queue, boolean waitsForDisk) {
    boolean all = queue.endsWith("*");
    String name = all ? queue.substring(0, queue.length() - 1) : queue;
    if (!all || !name.isEmpty()) {
      QueueConfig.requireName(name);
    }
    TreeSet<String> commands = new TreeSet<>(CALLED);
    for (Script script : Script.values()) {
      commands.addAll(script.commands());
    }
    if (waitsForDisk) {
      commands.add("waitaof");
    }
    List<String> rules = new java.util.ArrayList<>(List.of("resetchannels"));
    if (all) {
      rules.addAll(List.of("~" + name + "*", "~{" + name + "*"));
    } else {
      rules.addAll(
          List.of(
              "~" + name,
              "~" + name + ":processing",
              "~" + name + ":leased_by_session:*",
              "~{" + name + "}:*"));
    }
    rules.add("~piecework:queues");
    commands.forEach(command -> rules.add("+" + command));
    return List.copyOf(rules);
  }
}
