package dev.piecework.amqp;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A queue of RabbitMQ: {@code amqp://[user[:password]@]host[:port]/vhost/queue}, or {@code amqps}
 * for TLS. The virtual host may be left out, or empty: it is {@code /} then. What is special in a
 * URI is written with % in either.
 *
 * @param login RabbitMQ's own guest, if none is named
 * @param authorities whom to trust with TLS, in PEM, and nobody else; null for the JDK's
 */
public record BrokerUri(
    Place place, String virtualHost, String queue, Login login, @Nullable Path authorities) {

  private static final int PLAIN_PORT = 5672;
  private static final int TLS_PORT = 5671;
  private static final String GUEST = "guest";

  /** Where the broker listens. */
  public record Place(boolean tls, String host, int port) {
    @Override
    public String toString() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /**
   * Who asks.
   *
   * @param password null if it is to come from elsewhere
   */
  public record Login(String user, @Nullable String password) {
    /** Whether there is a secret in the URL: that of guest is none. */
    public boolean isShown() {
      return password != null && !(user.equals(GUEST) && password.equals(GUEST));
    }

    // It is not to be printed with the rest.
    @Override
    public String toString() {
      return user;
    }
  }

  /** Whether this text is meant to be one. */
  public static boolean isOne(String text) {
    return text.startsWith("amqp://") || text.startsWith("amqps://");
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException saying what is wrong, without what may be a password
   */
  public static BrokerUri parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException wrong) {
      // Its message has all of the text.
      throw new IllegalArgumentException(
          "is no URL (" + wrong.getReason() + "); special characters are written as %2F", null);
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("has no host: amqp://HOST[:PORT][/VHOST]/QUEUE");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException("takes nothing behind ? or #; write them as %3F and %23");
    }
    List<String> names =
        Stream.of(uri.getRawPath().split("/", -1)).skip(1).map(BrokerUri::decoded).toList();
    if (names.isEmpty() || names.size() > 2 || names.getLast().isEmpty()) {
      throw new IllegalArgumentException(
          "names no queue: amqp://HOST[:PORT][/VHOST]/QUEUE, with a / in a name as %2F");
    }
    String virtualHost = names.size() == 1 || names.getFirst().isEmpty() ? "/" : names.getFirst();
    boolean tls = uri.getScheme().equals("amqps");
    int port = uri.getPort() > 0 ? uri.getPort() : tls ? TLS_PORT : PLAIN_PORT;
    String host = uri.getHost().replaceAll("[\\[\\]]", "");
    return new BrokerUri(
        new Place(tls, host, port),
        virtualHost,
        names.getLast(),
        login(uri.getRawUserInfo()),
        null);
  }

  private static Login login(@Nullable String info) {
    if (info == null || info.isEmpty()) {
      return new Login(GUEST, null);
    }
    int colon = info.indexOf(':');
    return colon < 0
        ? new Login(decoded(info), null)
        : new Login(decoded(info.substring(0, colon)), decoded(info.substring(colon + 1)));
  }

  // A + is a + here, and not a space as in a form.
  private static String decoded(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** With this password, unless it has one. */
  public BrokerUri withPassword(String password) {
    return login.password() != null
        ? this
        : new BrokerUri(place, virtualHost, queue, new Login(login.user(), password), authorities);
  }

  /**
   * Trusting these.
   *
   * @throws IllegalArgumentException when it has no TLS, or naming the file, when that is unusable
   */
  public BrokerUri withAuthorities(Path file) {
    if (!place.tls) {
      throw new IllegalArgumentException("amqp:// has no certificates; with TLS it is amqps://");
    }
    SSLContext _ = Authorities.trusted(file);
    return new BrokerUri(place, virtualHost, queue, login, file);
  }

  /** The password; for guest, who needs none to be set, its own. */
  String password() {
    String given = login.password();
    return given != null ? given : login.user().equals(GUEST) ? GUEST : "";
  }

  /** The name of the producer that fills from it: without a user, who may be another next time. */
  public String source() {
    return (place.tls ? "amqps://" : "amqp://")
        + place
        + "/"
        + encoded(virtualHost)
        + "/"
        + encoded(queue);
  }

  private static String encoded(String name) {
    return name.replace("%", "%25").replace("/", "%2F").replace(" ", "%20");
  }

  /** For people. */
  @Override
  public String toString() {
    return source();
  }
}
