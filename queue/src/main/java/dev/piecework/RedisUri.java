package dev.piecework;

import dev.piecework.internal.redis.RedisUriParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a Redis is and who we are there: the one grammar of the URLs that Piecework takes.
 *
 * <pre>
 * redis://[[user:]password@]host[:port][/database]            one server
 * redis://...,redis://...     or  redis://host:port,host:port some nodes of a Cluster
 * redis-sentinel://[[user:]password@]host[:port],.../master[/database][?sentinel-user=U&amp;sentinel-password=P]
 * </pre>
 *
 * <p>With {@code rediss://} and {@code rediss-sentinel://} all connections use TLS, those to the
 * Sentinels too. A user and a password are read up to the last {@code @}, so that a password may
 * hold any character as it is; {@code %} and two hexadecimal digits stand for a byte (UTF-8),
 * unless another {@code %} in the same word does not. An IPv6 address stands in brackets. One word
 * before the {@code @} is the password, as redis-cli has it, and the user where a password comes
 * from elsewhere: {@link #withPassword}.
 *
 * <p>No message of this class quotes the text that it was given, and {@link #toString} hides user
 * and password. Only {@link #text} and {@link #login} show them.
 *
 * @param servers what to speak to
 * @param tls whether all connections use TLS
 * @param written user and password as they were written: a user without a password may be a
 *     password, see {@link #login}
 * @param database the number of the database; 0 in a Cluster
 */
public record RedisUri(Servers servers, boolean tls, Login written, int database) {

  /** Many times what a file with a password has. */
  private static final int MOST_BYTES = 1 << 16;

  private static final Pattern CREDENTIALS =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*://)[^\\r\\n]*@");
  private static final Pattern OF_SENTINELS =
      Pattern.compile("([?&]sentinel-(?:user|password)=)[^\\r\\n]*");

  /** What to speak to. */
  public sealed interface Servers {

    /** The server, the Sentinels, or the nodes that were named. */
    List<Node> nodes();
  }

  /** One server, which may turn out to be a node of a Cluster. */
  public record One(Node node) implements Servers {
    @Override
    public List<Node> nodes() {
      return List.of(node);
    }
  }

  /** Some nodes of a Cluster. */
  public record Cluster(List<Node> nodes) implements Servers {}

  /**
   * Sentinels, which know where the master is.
   *
   * @param master the name that they know it by
   * @param login who we are to the Sentinels; {@link Login#NONE} when nobody said
   */
  public record Sentinels(List<Node> nodes, String master, Login login) implements Servers {}

  /**
   * @param host a name, an IPv4 address, or an IPv6 address without brackets
   * @param port 1 to 65535
   */
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
  public record Login(@Nullable String user, @Nullable String password) {

    /** The default user without a password. */
    public static final Login NONE = new Login(null, null);

    boolean isNone() {
      return user == null && password == null;
    }

    @Override
    public String toString() {
      return isNone() ? "Login[]" : "Login[***]";
    }
  }

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException saying what is wrong, without any of the text
   */
  public static RedisUri parse(String text) {
    return new RedisUriParser(text).parse();
  }

  /** User and password for the data servers; one word that was written is the password. */
  public Login login() {
    boolean oneWord = written.user() != null && written.password() == null;
    return oneWord ? new Login(null, written.user()) : written;
  }

  /** Whether it holds a password, of the data servers or of the Sentinels. */
  public boolean holdsPassword() {
    return login().password() != null
        || (servers instanceof Sentinels of && of.login().password() != null);
  }

  /** With this password in the place of its own; one word before the {@code @} is the user. */
  public RedisUri withPassword(String password) {
    return new RedisUri(servers, tls, new Login(written.user(), password), database);
  }

  /** With this user and password. */
  public RedisUri withLogin(Login login) {
    return new RedisUri(servers, tls, login, database);
  }

  /**
   * With this password for the Sentinels.
   *
   * @throws IllegalArgumentException when there are none
   */
  public RedisUri withSentinelPassword(String password) {
    if (!(servers instanceof Sentinels(var nodes, var master, var login))) {
      throw new IllegalArgumentException(
          "a password of the Sentinels goes with redis-sentinel:// or rediss-sentinel:// only");
    }
    return new RedisUri(
        new Sentinels(nodes, master, new Login(login.user(), password)), tls, written, database);
  }

  /**
   * The password in a file: its first line, without what is blank at either end.
   *
   * @throws IllegalArgumentException naming the file, when it cannot be read or holds none
   */
  public static String passwordIn(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      String text = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
      String line = text.replaceFirst("^\uFEFF", "").lines().findFirst().orElse("").strip();
      if (line.isEmpty()) {
        throw new IllegalArgumentException(
            "the password file " + file + " has no password in its first line");
      }
      return line;
    } catch (IOException unreadable) {
      throw new IllegalArgumentException("cannot read the password file " + file, unreadable);
    }
  }

  /** Its hosts, for messages: no user, no password. */
  public String shown() {
    return servers instanceof Sentinels of ? of.master() + " by " + hosts() : hosts();
  }

  /** The whole URL, passwords included, in which each is percent-encoded. */
  public String text() {
    return text(credentials(written), true);
  }

  /** The URL without users and passwords. */
  @Override
  public String toString() {
    return text(written.isNone() ? "" : "***@", false);
  }

  /**
   * Any text for people, such as an error of somebody else's about an argument: what may be user
   * and password of URLs in it is replaced.
   */
  public static String masked(String text) {
    return OF_SENTINELS.matcher(CREDENTIALS.matcher(text).replaceAll("$1***@")).replaceAll("$1***");
  }

  private String text(String before, boolean withSentinelLogin) {
    String scheme = tls ? "rediss" : "redis";
    String end = database == 0 ? "" : "/" + database;
    return switch (servers) {
      case One one -> scheme + "://" + before + one.node() + end;
      case Cluster several -> scheme + "://" + before + hosts();
      case Sentinels(var nodes, var master, var login) ->
          scheme
              + "-sentinel://"
              + before
              + hosts()
              + "/"
              + master
              + end
              + (withSentinelLogin ? query(login) : "");
    };
  }

  private String hosts() {
    return servers.nodes().stream().map(Node::toString).collect(Collectors.joining(","));
  }

  private static String credentials(Login login) {
    String user = login.user() == null ? "" : encoded(login.user());
    return login.isNone()
        ? ""
        : user + (login.password() == null ? "" : ":" + encoded(login.password())) + "@";
  }

  private static String query(Login login) {
    String user = login.user() == null ? "" : "&sentinel-user=" + encoded(login.user());
    String password =
        login.password() == null ? "" : "&sentinel-password=" + encoded(login.password());
    return login.isNone() ? "" : "?" + (user + password).substring(1);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
