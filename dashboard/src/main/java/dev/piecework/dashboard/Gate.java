package dev.piecework.dashboard;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask, and what. A page of a queue can requeue and drop, and any page that a browser of
 * this machine has open can send requests to it; so a request must come under a name that is ours,
 * know the token or the cookie that it was traded for, and come from our own page.
 */
final class Gate {

  /** The facts of a request that decide. */
  record Request(
      String method, String path, @Nullable String host, Credentials credentials, Origin origin) {

    boolean isRead() {
      return method.equals("GET") || method.equals("HEAD");
    }
  }

  /**
   * What a request knows.
   *
   * @param token from the address
   * @param authorization the header
   * @param cookie the value of ours
   */
  record Credentials(
      @Nullable String token, @Nullable String authorization, @Nullable String cookie) {}

  /**
   * Where a request comes from, as the browser says it.
   *
   * @param origin the header of that name
   * @param site the header Sec-Fetch-Site
   */
  record Origin(@Nullable String origin, @Nullable String site) {}

  enum Verdict {
    /** Go on. */
    PASS,
    /** The token in the address is right: it is to be traded for the cookie. */
    TRADE
  }

  private static final Pattern ADDRESS =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-fA-F:.]+]");
  private static final Pattern PORT = Pattern.compile(":\\d*$");
  private static final Set<String> OURS = Set.of("same-origin", "none");
  private static final String BEARER = "Bearer ";

  private final String token;
  private final List<String> hosts;
  private final boolean readOnly;
  private final String cookieName = "piecework-" + random(4);
  private final String cookie = random(32);

  Gate(DashboardConfig config) {
    this.token = config.token();
    this.hosts = config.listen().hosts();
    this.readOnly = config.readOnly();
  }

  /** Of this process alone: cookies do not know ports, and another one's is not to be lost. */
  String cookieName() {
    return cookieName;
  }

  /** Known to nobody before the token was. */
  String cookie() {
    return cookie;
  }

  /**
   * Decides.
   *
   * @throws PageException saying why not
   */
  Verdict decide(Request request) {
    requireOurName(request.host());
    Credentials known = request.credentials();
    String given = known.token();
    if (given != null && request.path().equals("/") && request.isRead()) {
      if (!same(given, token)) {
        throw new PageException(401, "this token is not, or no longer, the right one");
      }
      return Verdict.TRADE;
    }
    String authorization = known.authorization();
    boolean bearer =
        authorization != null
            && authorization.startsWith(BEARER)
            && same(authorization.substring(BEARER.length()).strip(), token);
    String shown = known.cookie();
    if (!bearer && (shown == null || !same(shown, cookie))) {
      throw new PageException(401, "open the address with the token that piecework ui has printed");
    }
    requireOurOrigin(request, bearer);
    if (!request.isRead() && readOnly) {
      throw new PageException(403, "this page is read-only");
    }
    return Verdict.PASS;
  }

  /**
   * A site can give its own name our address, and would then be of our origin. It cannot come under
   * an address, or under the name of this machine for itself.
   */
  private void requireOurName(@Nullable String host) {
    String name = host == null ? "" : PORT.matcher(host).replaceFirst("").toLowerCase(Locale.ROOT);
    if (!name.equals("localhost") && !ADDRESS.matcher(name).matches() && !hosts.contains(name)) {
      throw new PageException(
          421, "this page is not asked under that name; --host NAME allows another one");
    }
  }

  private static void requireOurOrigin(Request request, boolean bearer) {
    String origin = request.origin().origin();
    String site = request.origin().site();
    // Somebody may have a link to the page.
    boolean opened = request.isRead() && request.path().equals("/");
    boolean foreign =
        (site != null && !OURS.contains(site))
            || (origin != null && !isOf(origin, String.valueOf(request.host())));
    if (foreign && !opened) {
      throw new PageException(403, "another site may not ask this");
    }
    // A browser says where a change comes from; a script has the token.
    if (!request.isRead() && !bearer && !"same-origin".equals(site) && origin == null) {
      throw new PageException(403, "a change must come from this page, or with the bearer token");
    }
  }

  private static boolean isOf(String origin, String host) {
    try {
      return host.equalsIgnoreCase(URI.create(origin).getAuthority());
    } catch (IllegalArgumentException noOrigin) {
      return false;
    }
  }

  /** In a time that says nothing of how much of it is right. */
  private static boolean same(String given, String wanted) {
    return MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), wanted.getBytes(StandardCharsets.UTF_8));
  }

  private static String random(int bytes) {
    byte[] some = new byte[bytes];
    new SecureRandom().nextBytes(some);
    return HexFormat.of().formatHex(some);
  }
}
