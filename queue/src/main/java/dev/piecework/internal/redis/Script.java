package dev.piecework.internal.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.CallListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The scripts: one transition each, in a resource of the same name. A script's header names its
 * KEYS and ARGV in their order; the text that Redis gets begins with locals of these names, so that
 * header, body and call cannot drift apart. ARGV that ends with {@code ...name} continues from
 * index {@code rest}; {@code ...records} at the end of KEYS means further keys, from index {@code
 * more} on, a name with {@code ?} is not given on a Cluster, and {@code @waiting} stands for
 * several keys. What it returns is named likewise, for {@link Reply}. A line {@code -- include:
 * NAME} stands for the text of {@code include/NAME.lua}: Redis gets one text, and a part with a
 * name costs it nothing.
 */
public enum Script {
  CREATE,
  BEGIN,
  PRODUCE,
  FILL,
  FILL_MARKED,
  BEAT_PRODUCER,
  CLOSE_SOURCE,
  BREAK_OFF,
  ENLIST,
  STEP,
  BACK_UP,
  RECOVER,
  RETRY,
  BURY,
  RELEASE,
  BEAT,
  EXPIRED,
  RECLAIM,
  AUDIT_LEASES,
  LEAVING,
  LEAVE,
  READ_STATE,
  REOPEN,
  REQUEUE,
  REQUEUE_DELAYED,
  DROP,
  DROP_WAITING,
  DROP_LEASED,
  READ_FAILURES,
  PAUSE,
  RESUME,
  SET,
  NOTE,
  PURGE,
  ADOPT,
  READ_RESULTS,
  DROP_RESULTS,
  TAKE_FOLLOW_UP,
  RENEW_FOLLOW_UP,
  END_FOLLOW_UP,
  SET_SLOTS;

  private final String verb = name().toLowerCase(Locale.ROOT);

  /** In a header in the place of the word: what follows is the same after each. */
  static final String ANY_WORD = "word";

  /** Where an item may wait, now or until it is due: most scripts that look at one look at all. */
  static final List<String> WAITING =
      List.of(
          "list",
          "next",
          "returned",
          "lost_once",
          "lost_twice",
          "delayed",
          "high",
          "numbered",
          "low");

  private static final String INCLUDE = "-- include: ";

  private static final Pattern COMMAND = Pattern.compile("redis\\.p?call\\('([A-Z]+)'");

  // Read when first used: a verb that only looks need not read the rest.
  private static final ConcurrentMap<Script, Text> TEXTS = new ConcurrentHashMap<>();

  private record Text(
      byte[] body,
      byte[] sha,
      List<String> keys,
      List<String> args,
      Map<String, Map<String, Integer>> replies) {}

  /** What Redis is given to load. */
  byte[] body() {
    return text().body;
  }

  /** What EVALSHA takes. */
  byte[] sha() {
    return text().sha;
  }

  /** The names of the KEYS, in order, without further ones. */
  public List<String> keyNames() {
    return text().keys;
  }

  /** The names of the ARGV, in order, without further ones. */
  public List<String> argNames() {
    return text().args;
  }

  /** The names of what follows each word that it answers; each by its place in the reply. */
  Map<String, Map<String, Integer>> replies() {
    return text().replies;
  }

  /** The names of what follows this word, each by its place in the reply. */
  Map<String, Integer> placesAfter(String word) {
    Map<String, Map<String, Integer>> replies = text().replies;
    Map<String, Integer> places = replies.get(word);
    return places == null ? replies.getOrDefault(ANY_WORD, Map.of()) : places;
  }

  /** The commands that it calls, in small letters. */
  public Set<String> commands() {
    return COMMAND
        .matcher(new String(text().body, UTF_8))
        .results()
        .map(call -> call.group(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.toSet());
  }

  /** A call of it, for those who listen. */
  public CallListener.Call call(List<byte[]> arguments) {
    return new CallListener.Call(verb, argNames(), arguments);
  }

  private Text text() {
    Text known = TEXTS.get(this);
    return known != null ? known : TEXTS.computeIfAbsent(this, Script::read);
  }

  private Text read() {
    String source = resource(verb);
    List<String> keys = header(source, "-- KEYS:");
    List<String> args = header(source, "-- ARGV:");
    StringBuilder whole = new StringBuilder(source.length() + 2_000);
    locals(whole, keys, "KEYS");
    locals(whole, args, "ARGV");
    whole.append("local rest = ").append(args.size() + 1).append('\n');
    if (line(source, "-- KEYS:").contains(" ...")) {
      whole.append("local more = ").append(keys.size() + 1).append('\n');
    }
    whole.append(withIncludes(source));
    byte[] body = whole.toString().getBytes(UTF_8);
    return new Text(body, sha1(body), keys, args, replies(line(source, "-- Returns:")));
  }

  private static void locals(StringBuilder whole, List<String> names, String table) {
    for (int i = 0; i < names.size(); i++) {
      whole
          .append("local ")
          .append(names.get(i).replace("?", ""))
          .append(" = ")
          .append(table)
          .append('[')
          .append(i + 1)
          .append("]\n");
    }
  }

  private static List<String> header(String source, String label) {
    String names = line(source, label);
    return names.isEmpty()
        ? List.of()
        : List.of(names.split(" ", -1)).stream()
            .filter(n -> !n.startsWith("..."))
            .flatMap(n -> n.equals("@waiting") ? WAITING.stream() : Stream.of(n))
            .toList();
  }

  /** The text with each part that it includes in the place of the line that says so. */
  static String withIncludes(String source) {
    StringBuilder whole = new StringBuilder(source.length() + 2_000);
    source
        .lines()
        .forEach(line -> {
          String part = line.strip();
          if (part.startsWith(INCLUDE)) {
            whole.append(resource("include/" + part.substring(INCLUDE.length())));
          } else {
            whole.append(line).append('\n');
          }
        });
    return whole.toString();
  }

  // "OK run | BUSY source who", or "word detail. The word: ..." where all words have the same.
  private static Map<String, Map<String, Integer>> replies(String returns) {
    int end = returns.indexOf(". ");
    Map<String, Map<String, Integer>> replies = new HashMap<>();
    for (String reply : (end < 0 ? returns : returns.substring(0, end)).split(" \\| ", -1)) {
      String[] parts = reply.split(" ", -1);
      Map<String, Integer> places = new HashMap<>();
      for (int i = 1; i < parts.length; i++) {
        places.put(parts[i], i);
      }
      replies.put(parts[0], places);
    }
    return replies;
  }

  private static String line(String source, String label) {
    for (String line : source.split("\n", -1)) {
      if (line.startsWith(label)) {
        return line.substring(label.length()).strip();
      }
    }
    throw new IllegalStateException("no line '" + label + "' in\n" + source);
  }

  private static String resource(String name) {
    try (InputStream in = Script.class.getResourceAsStream(name + ".lua")) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name + ".lua");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static byte[] sha1(byte[] body) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-1").digest(body);
      return HexFormat.of().formatHex(digest).getBytes(US_ASCII);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
