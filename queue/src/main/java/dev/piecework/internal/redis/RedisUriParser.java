package dev.piecework.internal.redis;

import dev.piecework.RedisUri;
import dev.piecework.RedisUri.Cluster;
import dev.piecework.RedisUri.Login;
import dev.piecework.RedisUri.Node;
import dev.piecework.RedisUri.One;
import dev.piecework.RedisUri.Sentinels;
import dev.piecework.RedisUri.Servers;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the URL of a Redis. What is wrong is said without a word of the text: where the {@code @}
 * is missing, the password is where a host or a port should be.
 */
public final class RedisUriParser {

  private static final List<String> SCHEMES =
      List.of("redis", "rediss", "redis-sentinel", "rediss-sentinel");

  /** What others write for what we take. Safe to repeat: nobody's password is among them. */
  private static final Map<String, String> OF_OTHERS =
      Map.ofEntries(
          Map.entry("valkey", "redis"),
          Map.entry("valkeys", "rediss"),
          Map.entry("tcp", "redis"),
          Map.entry("http", "redis"),
          Map.entry("https", "rediss"),
          Map.entry("tls", "rediss"),
          Map.entry("ssl", "rediss"),
          Map.entry("redis+tls", "rediss"),
          Map.entry("redis+ssl", "rediss"),
          Map.entry("sentinel", "redis-sentinel"),
          Map.entry("redis+sentinel", "redis-sentinel"),
          Map.entry("rediss+sentinel", "rediss-sentinel"),
          Map.entry("redis-cluster", "redis"),
          Map.entry("rediss-cluster", "rediss"));

  private static final Pattern ANY_SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://");
  private static final Pattern NEXT_URL =
      Pattern.compile(",\\s*(?=rediss?(?:-sentinel)?://)", Pattern.CASE_INSENSITIVE);
  private static final Pattern QUERY = Pattern.compile("\\?(?=sentinel-(?:user|password)=)");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,255}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}(?:%[A-Za-z0-9._-]+)?");
  private static final Pattern MASTER = Pattern.compile("[^\\s/?#,@]+");

  private final String text;

  public RedisUriParser(String text) {
    this.text = text.replaceFirst("^\uFEFF", "").strip();
  }

  public RedisUri parse() {
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw wrong("holds a line break or another control character");
    }
    String[] urls = NEXT_URL.split(text, -1);
    RedisUri first = one(urls[0]);
    if (urls.length == 1) {
      return first;
    }
    List<Node> nodes = new ArrayList<>();
    Login login = Login.NONE;
    for (String url : urls) {
      RedisUri next = one(url);
      if (next.servers() instanceof Sentinels || next.tls() != first.tls()) {
        throw wrong(
            "is a comma list (a Cluster) in which not all begin alike, with redis:// or rediss://");
      }
      if (next.database() != 0) {
        throw wrong("names a database of a Cluster, which has number 0 only");
      }
      if (!next.written().equals(Login.NONE)
          && !login.equals(Login.NONE)
          && !next.written().equals(login)) {
        throw wrong("has different users or passwords for the nodes of a Cluster");
      }
      login = login.equals(Login.NONE) ? next.written() : login;
      nodes.addAll(next.servers().nodes());
    }
    return new RedisUri(new Cluster(List.copyOf(nodes)), first.tls(), login, 0);
  }

  private static RedisUri one(String url) {
    Matcher start = ANY_SCHEME.matcher(url);
    if (!start.lookingAt() || !SCHEMES.contains(start.group(1).toLowerCase(Locale.ROOT))) {
      throw wrong(
          "begins with none of redis://, rediss://, redis-sentinel://, rediss-sentinel://"
              + (start.lookingAt() ? meant(start.group(1).toLowerCase(Locale.ROOT)) : ""));
    }
    String scheme = start.group(1).toLowerCase(Locale.ROOT);
    String rest = url.substring(start.end());
    boolean tls = scheme.startsWith("rediss");
    return scheme.endsWith("sentinel") ? sentinels(rest, tls) : direct(rest, tls);
  }

  private static String meant(String scheme) {
    String known = OF_OTHERS.get(scheme);
    if (known != null) {
      return " but with " + scheme + "://; did you mean " + known + "://?";
    }
    return SCHEMES.stream()
        .filter(right -> isNear(scheme, right))
        .findFirst()
        .map(right -> "; did you mean " + right + "://?")
        .orElse("");
  }

  /** Whether one letter too many, too few, another one, or two in each other's place explain it. */
  private static boolean isNear(String typed, String right) {
    int shorter = Math.min(typed.length(), right.length());
    int before = 0;
    while (before < shorter && typed.charAt(before) == right.charAt(before)) {
      before++;
    }
    int after = 0;
    while (after < shorter - before
        && typed.charAt(typed.length() - 1 - after) == right.charAt(right.length() - 1 - after)) {
      after++;
    }
    String left = typed.substring(before, typed.length() - after);
    String wanted = right.substring(before, right.length() - after);
    return (left.length() <= 1 && wanted.length() <= 1)
        || (left.length() == 2 && new StringBuilder(left).reverse().toString().equals(wanted));
  }

  private static RedisUri direct(String rest, boolean tls) {
    Parts parts = Parts.of(rest);
    List<Node> nodes = nodes(parts.hosts(), 6379, parts.isBare());
    int database = parts.path().isEmpty() ? 0 : database(parts.path());
    if (nodes.size() > 1 && database != 0) {
      throw wrong("names a database of a Cluster, which has number 0 only");
    }
    Servers servers = nodes.size() > 1 ? new Cluster(nodes) : new One(nodes.getFirst());
    return new RedisUri(servers, tls, parts.login(), database);
  }

  private static RedisUri sentinels(String rest, boolean tls) {
    Matcher query = QUERY.matcher(rest);
    boolean asked = query.find();
    Login own = asked ? sentinelLogin(rest.substring(query.end())) : Login.NONE;
    Parts parts = Parts.of(asked ? rest.substring(0, query.start()) : rest);
    String[] path = parts.path().split("/", 2);
    if (!MASTER.matcher(path[0]).matches()) {
      throw wrong(
          "does not end with /NAME, the name that the Sentinels know the master by, or /NAME/DATABASE");
    }
    int database = path.length == 1 || path[1].isEmpty() ? 0 : database(path[1]);
    return new RedisUri(
        new Sentinels(nodes(parts.hosts(), 26379, false), path[0], own),
        tls,
        parts.login(),
        database);
  }

  private static Login sentinelLogin(String query) {
    String user = null;
    String password = null;
    for (String part : query.split("&(?=sentinel-(?:user|password)=)", -1)) {
      String value = decoded(part.substring(part.indexOf('=') + 1));
      if (part.startsWith("sentinel-user=")) {
        user = value.isEmpty() ? null : value;
      } else {
        password = value.isEmpty() ? null : value;
      }
    }
    return new Login(user, password);
  }

  /**
   * What there is after the scheme.
   *
   * @param credentials null where there is no {@code @}
   * @param path without its first slash
   */
  private record Parts(@Nullable String credentials, String hosts, String path) {

    // A password may hold anything: it ends at the last '@', for no host and no path has one.
    static Parts of(String rest) {
      int at = rest.lastIndexOf('@');
      String after = rest.substring(at + 1);
      if (after.indexOf('?') >= 0 || after.indexOf('#') >= 0) {
        throw wrong(
            "has a part after '?' or '#' that is not known (in a password before '@' both may"
                + " stand; Sentinels have ?sentinel-user= and &sentinel-password=)");
      }
      int slash = after.indexOf('/');
      return new Parts(
          at < 0 ? null : rest.substring(0, at),
          slash < 0 ? after : after.substring(0, slash),
          slash < 0 ? "" : after.substring(slash + 1));
    }

    boolean isBare() {
      return credentials == null && hosts.isEmpty();
    }

    // An empty password is what an unset variable leaves: none.
    Login login() {
      if (credentials == null) {
        return Login.NONE;
      }
      int colon = credentials.indexOf(':');
      String user = decoded(colon < 0 ? credentials : credentials.substring(0, colon));
      String password = colon < 0 ? "" : decoded(credentials.substring(colon + 1));
      if (user.isEmpty()) {
        return password.isEmpty() ? Login.NONE : new Login(null, password);
      }
      return new Login(user, colon < 0 ? null : password);
    }
  }

  private static List<Node> nodes(String hosts, int defaultPort, boolean none) {
    if (none) {
      return List.of(new Node("localhost", defaultPort)); // redis:// alone
    }
    List<Node> nodes = new ArrayList<>();
    for (String host : hosts.split(",", -1)) {
      nodes.add(node(host.strip(), defaultPort));
    }
    return List.copyOf(nodes);
  }

  private static Node node(String text, int defaultPort) {
    int bracket = text.startsWith("[") ? text.indexOf(']') : -1;
    int colon = text.indexOf(':', Math.max(bracket, 0));
    String host = colon < 0 ? text : text.substring(0, colon);
    if (host.isEmpty()) {
      throw wrong("lacks a host: it stands after the password and '@'");
    }
    if (bracket > 0) {
      String address = host.substring(1, bracket);
      if (bracket != host.length() - 1 || !IPV6.matcher(address).matches()) {
        throw wrong("has something else than an IPv6 address in [ ]");
      }
      host = address;
    } else if (!NAME.matcher(host).matches()) {
      throw wrong(
          "has a character in a host that no name of a host has (an IPv6 address stands in [ ], a"
              + " password before '@')");
    }
    return new Node(host, colon < 0 ? defaultPort : port(text.substring(colon + 1)));
  }

  private static int port(String text) {
    int port = text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
    if (port < 1 || port > 65_535) {
      throw wrong(
          "has a port that is no number from 1 to 65535 (an IPv6 address stands in [ ], a password"
              + " before '@')");
    }
    return port;
  }

  private static int database(String text) {
    if (!text.matches("\\d{1,6}")) {
      throw wrong("has a database that is no number from 0 to 999999");
    }
    return Integer.parseInt(text);
  }

  /** With escapes read, unless one of them is none: then the whole word is meant as it is. */
  private static String decoded(String word) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < word.length(); ) {
      int letter = word.codePointAt(i);
      if (letter == '%') {
        if (i + 3 > word.length() || !word.substring(i + 1, i + 3).matches("[0-9A-Fa-f]{2}")) {
          return word;
        }
        bytes.write(Integer.parseInt(word.substring(i + 1, i + 3), 16));
        i += 3;
      } else {
        bytes.writeBytes(Character.toString(letter).getBytes(StandardCharsets.UTF_8));
        i += Character.charCount(letter);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException notText) {
      return word;
    }
  }

  private static IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException("the Redis URL " + what);
  }
}
