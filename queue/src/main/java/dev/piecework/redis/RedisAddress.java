package dev.piecework.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is, read from a URL.
 *
 * @param nodes the server, the sentinels, or some nodes of the cluster
 * @param master the name that sentinels know the master by, or null
 */
public record RedisAddress(
    Kind kind, List<Node> nodes, @Nullable String master, Login login, int database) {

  /** What to speak to. */
  public enum Kind {
    SINGLE,
    SENTINEL,
    CLUSTER
  }

  public record Node(String host, int port) {
    @Override
    public String toString() {
      return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    }
  }

  /**
   * @param user null for the default user
   * @param password null for none
   */
  public record Login(@Nullable String user, @Nullable String password, boolean tls) {
    @Override
    public String toString() {
      return "Login"; // never a password in a log
    }
  }

  /**
   * Reads a URL as {@code QueueConfig.uri} describes it.
   *
   * @throws IllegalArgumentException saying what is wrong, without the password
   */
  public static RedisAddress parse(String text) {
    String[] urls = text.strip().split(",(?=[a-z-]+://)", -1);
    RedisAddress first = parseOne(urls[0]);
    if (urls.length == 1) {
      return first;
    }
    List<Node> nodes = new ArrayList<>();
    for (String url : urls) {
      RedisAddress one = parseOne(url);
      if (one.kind != Kind.SINGLE) {
        throw new IllegalArgumentException(
            "in a comma list of Redis URLs (a Cluster) each begins with redis:// or rediss://");
      }
      nodes.addAll(one.nodes);
    }
    return new RedisAddress(Kind.CLUSTER, nodes, null, first.login, 0);
  }

  /** For people, without a password. */
  public String shown() {
    String names = nodes.stream().map(Node::toString).reduce((a, b) -> a + "," + b).orElse("");
    return master == null ? names : master + " by " + names;
  }

  private static RedisAddress parseOne(String url) {
    int colon = url.indexOf("://");
    String scheme = colon < 0 ? "" : url.substring(0, colon).toLowerCase(Locale.ROOT);
    boolean sentinel = scheme.equals("redis-sentinel");
    boolean tls = scheme.equals("rediss");
    if (!sentinel && !tls && !scheme.equals("redis")) {
      throw new IllegalArgumentException(
          "a Redis URL begins with redis://, rediss:// or redis-sentinel://"
              + (colon < 0 ? "; there is none" : ", not " + scheme + "://"));
    }
    String rest = url.substring(colon + 3);
    int query = rest.indexOf('?');
    if (query >= 0) {
      throw new IllegalArgumentException("a Redis URL has no part after '?'");
    }
    int slash = rest.lastIndexOf('/');
    int at = rest.lastIndexOf('@');
    String path = slash > at ? rest.substring(slash + 1) : "";
    String hosts = rest.substring(at + 1, slash > at ? slash : rest.length());
    Login login = login(at < 0 ? "" : rest.substring(0, at), tls);
    List<Node> nodes = new ArrayList<>();
    for (String host : hosts.split(",", -1)) {
      nodes.add(node(host, sentinel ? 26379 : 6379));
    }
    if (sentinel) {
      if (path.isEmpty()) {
        throw new IllegalArgumentException(
            "a redis-sentinel:// URL ends with /NAME, the name of the master");
      }
      return new RedisAddress(Kind.SENTINEL, nodes, path, login, 0);
    }
    if (nodes.size() > 1) {
      return new RedisAddress(Kind.CLUSTER, nodes, null, login, 0);
    }
    return new RedisAddress(Kind.SINGLE, nodes, null, login, database(path));
  }

  private static Login login(String credentials, boolean tls) {
    if (credentials.isEmpty()) {
      return new Login(null, null, tls);
    }
    int colon = credentials.indexOf(':');
    String user = colon < 0 ? "" : decode(credentials.substring(0, colon));
    String password = decode(credentials.substring(colon + 1));
    return new Login(user.isEmpty() ? null : user, password, tls);
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
    } catch (IllegalArgumentException notEscaped) {
      return text;
    }
  }

  private static Node node(String text, int defaultPort) {
    int colon = text.lastIndexOf(':');
    boolean hasPort = colon > text.lastIndexOf(']');
    String host = hasPort ? text.substring(0, colon) : text;
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    int port = hasPort ? number(text.substring(colon + 1), 65_535, "port") : defaultPort;
    return new Node(host.isEmpty() ? "localhost" : host, port);
  }

  private static int database(String path) {
    return path.isEmpty() ? 0 : number(path, 1_000_000, "database");
  }

  private static int number(String text, int max, String what) {
    if (!text.matches("\\d{1,7}") || Integer.parseInt(text) > max) {
      throw new IllegalArgumentException(
          "the " + what + " '" + text + "' of the Redis URL is not a number up to " + max);
    }
    return Integer.parseInt(text);
  }
}
