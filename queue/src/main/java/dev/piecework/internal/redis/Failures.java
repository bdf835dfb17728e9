package dev.piecework.internal.redis;

import dev.piecework.internal.redis.RedisFailure.Kind;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/**
 * The one place where what Redis or its client says becomes a kind of failure. Only what no waiting
 * can mend is unusable: whatever is for the servers' side to mend may be mended while we wait.
 */
final class Failures {

  /**
   * One kind of error reply; the first that fits counts.
   *
   * @param sentence of who it is and what was said
   */
  private record Row(Pattern words, Kind kind, String sentence) {

    // A connection that ends may bring the server's last words as its own message. All else that
    // such a failure says is about the network, and may hold any host's name.
    boolean fits(Throwable each) {
      return (each instanceof JedisDataException
              || (kind == Kind.UNAUTHORISED && each instanceof JedisConnectionException))
          && words.matcher(sentenceOf(each)).find();
    }
  }

  private static final String AWAY = "%s cannot be reached: %s";
  private static final String LOGIN = "%s refuses the password or asks for one: %s";
  private static final String WRITES = "%s refuses to write: %s";
  private static final String OLD = "%s is older than Redis 6.2, which Piecework needs: %s";

  private static final List<Row> ROWS =
      List.of(
          begins("NOAUTH", Kind.UNAUTHORISED, LOGIN),
          begins("WRONGPASS", Kind.UNAUTHORISED, LOGIN),
          contains("invalid password", Kind.UNAUTHORISED, LOGIN),
          contains("AUTH <password> called without", Kind.UNAUTHORISED, LOGIN),
          contains("Client sent AUTH, but no password", Kind.UNAUTHORISED, LOGIN),
          begins("DENIED", Kind.UNAUTHORISED, "%s takes no clients from here: %s"),
          begins("LOADING", Kind.AWAY, AWAY),
          begins("CLUSTERDOWN", Kind.AWAY, AWAY),
          begins("TRYAGAIN", Kind.AWAY, AWAY),
          begins("MASTERDOWN", Kind.AWAY, AWAY),
          begins("MOVED", Kind.AWAY, AWAY),
          begins("ASK", Kind.AWAY, AWAY),
          begins("REDIRECT", Kind.AWAY, AWAY),
          begins("BUSY", Kind.AWAY, AWAY),
          begins("UNBLOCKED", Kind.AWAY, AWAY),
          // Flushed between the load and the call.
          begins("NOSCRIPT", Kind.AWAY, AWAY),
          contains("max number of clients", Kind.AWAY, AWAY),
          // What proxies in front of a Redis say: twemproxy, Envoy.
          contains("Connection refused", Kind.AWAY, AWAY),
          contains("Connection timed out", Kind.AWAY, AWAY),
          contains("Connection reset", Kind.AWAY, AWAY),
          contains("no upstream host", Kind.AWAY, AWAY),
          contains("upstream failure", Kind.AWAY, AWAY),
          begins("OOM", Kind.REFUSES_WRITES, WRITES),
          begins("READONLY", Kind.REFUSES_WRITES, WRITES),
          begins("MISCONF", Kind.REFUSES_WRITES, WRITES),
          begins("NOREPLICAS", Kind.REFUSES_WRITES, WRITES),
          contains("OOM command not allowed", Kind.REFUSES_WRITES, WRITES),
          contains("disk", Kind.REFUSES_WRITES, WRITES),
          contains(
              "WRONGTYPE",
              Kind.UNUSABLE,
              "a key of this queue's name holds something else than a queue (WRONGTYPE); choose"
                  + " another name"),
          begins("NOPERM", Kind.UNUSABLE, "this user of %s lacks a permission: %s"),
          contains(
              "can't run this command or subcommand",
              Kind.UNUSABLE,
              "this user of %s lacks a permission: %s"),
          contains("unknown command", Kind.UNUSABLE, OLD),
          contains("Unknown Redis command", Kind.UNUSABLE, OLD),
          contains("DB index is out of range", Kind.UNUSABLE, "%s has no such database: %s"),
          contains(
              "SELECT is not allowed in cluster mode",
              Kind.UNUSABLE,
              "%s is a Cluster, which has database 0 only: %s"));

  /** What Jedis says beside the reason: the address is named already. */
  private static final List<String> ECHOES =
      List.of(
          "Failed to connect to",
          "Could not return the broken resource",
          "Failed to create socket");

  private Failures() {}

  private static Row begins(String words, Kind kind, String sentence) {
    // A script's error begins with its own name before Redis 7.
    return new Row(
        Pattern.compile("(?:^| -)" + Pattern.quote(words) + "(?![A-Za-z])"), kind, sentence);
  }

  private static Row contains(String words, Kind kind, String sentence) {
    return new Row(Pattern.compile(Pattern.quote(words)), kind, sentence);
  }

  /**
   * @param who such as "Redis at host:port": the beginning of the sentence
   */
  static RedisFailure of(JedisException failed, String who) {
    String said = said(failed);
    List<Throwable> all = causes(failed);
    if (all.stream().anyMatch(Failures::isAboutCertificates)) {
      return new RedisFailure(
          Kind.UNTRUSTED, "no trusted TLS connection to " + who + ": " + untrusted(said), failed);
    }
    for (Row row : ROWS) {
      if (all.stream().anyMatch(row::fits)) {
        return failure(row.kind(), row.sentence(), who, said, failed);
      }
    }
    boolean answered = failed instanceof JedisDataException;
    return answered && !(failed instanceof JedisRedirectionException)
        ? failure(Kind.UNUSABLE, "%s answered: %s", who, said, failed)
        : failure(Kind.AWAY, AWAY, who, said, failed);
  }

  private static RedisFailure failure(
      Kind kind, String sentence, String who, String said, JedisException failed) {
    return new RedisFailure(kind, String.format(Locale.ROOT, sentence, who, said), failed);
  }

  // The end of the connection in the midst of it is none of these: a proxy's server is away.
  private static boolean isAboutCertificates(Throwable each) {
    String said = String.valueOf(each.getMessage()).toLowerCase(Locale.ROOT);
    return each instanceof CertificateException
        || each instanceof CertPathValidatorException
        || each instanceof CertPathBuilderException
        || (each instanceof SSLException
            && (said.contains("certificate")
                || said.contains("pkix")
                || said.contains("unknown_ca")
                || said.contains("access_denied")
                || said.contains("decrypt_error")));
  }

  private static String untrusted(String said) {
    if (said.contains("No subject alternative") || said.contains("No name matching")) {
      return "its certificate is for another host (" + said + ")";
    }
    if (said.contains("NotAfter") || said.contains("validity check failed")) {
      return "its certificate has expired (" + said + ")";
    }
    if (said.contains("PKIX") || said.contains("No trusted certificate found")) {
      return "its certificate is from no authority that is trusted here (" + said + ")";
    }
    return said.contains("fatal alert") ? "it does not take our certificate (" + said + ")" : said;
  }

  /** The failure and all that it came from, what was only suppressed included. */
  private static List<Throwable> causes(Throwable failed) {
    List<Throwable> all = new ArrayList<>();
    for (Throwable next = failed; next != null && !all.contains(next); next = next.getCause()) {
      all.add(next);
      for (Throwable hidden : next.getSuppressed()) {
        all.add(hidden);
      }
    }
    return all;
  }

  private static String said(JedisException failed) {
    Throwable deepest = failed;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    Set<String> parts = new LinkedHashSet<>(Arrays.asList(sentenceOf(failed), sentenceOf(deepest)));
    for (Throwable hidden : failed.getSuppressed()) {
      parts.add(sentenceOf(hidden));
    }
    parts.removeIf(part -> parts.size() > 1 && ECHOES.stream().anyMatch(part::startsWith));
    return String.join(": ", parts).lines().findFirst().orElse("");
  }

  // Without its full stop, and without the name of what it wraps.
  private static String sentenceOf(Throwable failed) {
    return String.valueOf(failed.getMessage())
        .replaceFirst("^java[x]?\\.[\\w.]+: ", "")
        .replaceFirst("\\.$", "");
  }
}
