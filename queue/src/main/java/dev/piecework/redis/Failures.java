package dev.piecework.redis;

import dev.piecework.redis.RedisFailure.Kind;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/** The one place where what Redis or its client says becomes a kind of failure. */
final class Failures {

  private static final List<String> PASSING =
      List.of(
          "LOADING", "CLUSTERDOWN", "TRYAGAIN", "MASTERDOWN", "MOVED", "ASK", "BUSY", "UNBLOCKED");
  private static final List<String> CREDENTIALS =
      List.of("NOAUTH", "WRONGPASS", "invalid password", "AUTH <password> called without");

  /** What Jedis says beside the reason: the address is named already. */
  private static final List<String> ECHOES =
      List.of("Failed to connect to", "Could not return the broken resource");

  private static final List<String> REFUSALS =
      List.of("OOM ", "READONLY", "MISCONF", "NOREPLICAS", "disk");

  private Failures() {}

  static RedisFailure of(JedisException failed, RedisAddress address) {
    String said = said(failed);
    if (said.contains("certificate") || said.contains("PKIX") || said.contains("SSL")) {
      return new RedisFailure(
          Kind.UNUSABLE, "no trusted TLS connection to " + address.shown() + ": " + said, failed);
    }
    if (CREDENTIALS.stream().anyMatch(said::contains)) {
      return new RedisFailure(
          Kind.UNAUTHORISED,
          "Redis at " + address.shown() + " refuses the password or asks for one: " + said,
          failed);
    }
    if (failed instanceof JedisConnectionException
        || failed instanceof JedisRedirectionException
        || !(failed instanceof JedisDataException)
        || PASSING.stream().anyMatch(word -> startsWith(said, word))) {
      return new RedisFailure(
          Kind.AWAY, "Redis at " + address.shown() + " cannot be reached: " + said, failed);
    }
    if (REFUSALS.stream().anyMatch(word -> said.contains(word))) {
      return new RedisFailure(
          Kind.REFUSES_WRITES,
          "Redis at " + address.shown() + " refuses to write: " + said,
          failed);
    }
    if (said.contains("WRONGTYPE")) {
      return new RedisFailure(
          Kind.UNUSABLE,
          "a key of this queue's name holds something else than a queue (WRONGTYPE); choose another"
              + " name",
          failed);
    }
    if (said.contains("NOPERM") || said.contains("can't run this command or subcommand")) {
      return new RedisFailure(Kind.UNUSABLE, "this Redis user lacks a permission: " + said, failed);
    }
    if (said.contains("unknown command") || said.contains("Unknown Redis command")) {
      return new RedisFailure(
          Kind.UNUSABLE, "this Redis is older than 6.2, which Piecework needs: " + said, failed);
    }
    return new RedisFailure(Kind.UNUSABLE, "Redis answered: " + said, failed);
  }

  // A script's error begins with its own name before Redis 7.
  private static boolean startsWith(String said, String word) {
    return said.startsWith(word) || said.contains(" -" + word) || said.contains(": -" + word);
  }

  private static String said(JedisException failed) {
    Throwable deepest = failed;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    Set<String> parts = new LinkedHashSet<>(Arrays.asList(sentence(failed), sentence(deepest)));
    for (Throwable hidden : failed.getSuppressed()) {
      parts.add(sentence(hidden));
    }
    parts.removeIf(part -> parts.size() > 1 && ECHOES.stream().anyMatch(part::startsWith));
    return String.join(": ", parts).lines().findFirst().orElse("");
  }

  // Without its full stop, and without the name of what it wraps.
  private static String sentence(Throwable failed) {
    return String.valueOf(failed.getMessage())
        .replaceFirst("^java\\.[\\w.]+: ", "")
        .replaceFirst("\\.$", "");
  }
}
