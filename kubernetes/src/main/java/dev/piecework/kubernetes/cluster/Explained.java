package dev.piecework.kubernetes.cluster;

import dev.piecework.kubernetes.cluster.ClusterException.Kind;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What the API server, or its silence, means: one line. Pure. */
final class Explained {

  private static final Pattern FORBIDDEN =
      Pattern.compile(
          "User \"([^\"]*)\" cannot (\\w+) resource \"([^\"]*)\" in API group \"([^\"]*)\""
              + "(?: in the namespace \"([^\"]*)\")?");
  private static final Pattern NO_NAMESPACE = Pattern.compile("namespaces \"([^\"]*)\" not found");
  private static final int LONGEST = 400;

  private final String shown;

  /**
   * @param shown which cluster, for people
   */
  Explained(String shown) {
    this.shown = shown;
  }

  /**
   * @param verb as RBAC has it, such as {@code create}
   * @param what as RBAC has it, such as {@code jobs.batch}
   */
  ClusterException of(KubernetesClientException failure, String verb, String what) {
    String said = said(failure);
    if (failure.getCode() <= 0) {
      return new ClusterException(Kind.AWAY, away(failure), failure);
    }
    return switch (failure.getCode()) {
      case 401 ->
          new ClusterException(
              Kind.REFUSED,
              shown
                  + " does not accept the credentials of the context (401 Unauthorized): they may"
                  + " have expired; log in again",
              failure);
      case 403 -> new ClusterException(Kind.REFUSED, forbidden(said, verb, what), failure);
      case 404 -> new ClusterException(Kind.ABSENT, absent(said, what), failure);
      case 409 -> new ClusterException(Kind.CONFLICT, what + ": " + said, failure);
      case 408, 429, 500, 502, 503, 504 ->
          new ClusterException(
              Kind.AWAY,
              shown + " cannot serve just now (" + failure.getCode() + "): " + said,
              failure);
      default ->
          new ClusterException(
              Kind.REFUSED,
              shown + " refuses to " + verb + " " + what + " (" + failure.getCode() + "): " + said,
              failure);
    };
  }

  private String away(KubernetesClientException failure) {
    String why = "no answer";
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      @Nullable String known =
          switch (cause) {
            case UnknownHostException _, UnresolvedAddressException _ -> "its host is not known";
            case SSLException tls -> "TLS: " + tls.getMessage();
            case HttpTimeoutException _, TimeoutException _ -> "no answer in time";
            case ConnectException refused ->
                refused.getMessage() == null || refused.getMessage().isEmpty()
                    ? "nobody answers there"
                    : refused.getMessage();
            case IOException io when io.getMessage() != null -> io.getMessage();
            default -> null;
          };
      why = known == null ? why : known;
    }
    return shown + " cannot be reached: " + oneLine(why);
  }

  private static String forbidden(String said, String verb, String what) {
    Matcher matcher = FORBIDDEN.matcher(said);
    if (!matcher.find()) {
      // Not for want of a role: a quota, or an admission rule, says what it wants.
      return said.toLowerCase(java.util.Locale.ROOT).contains("forbidden:")
          ? "not allowed to " + verb + " " + what + ": " + said
          : "no permission to " + verb + " " + what + ": " + said;
    }
    String group = matcher.group(4);
    String resource = matcher.group(3) + (group.isEmpty() ? "" : "." + group);
    String namespace = matcher.group(5);
    return "no permission: user '"
        + matcher.group(1)
        + "' may not "
        + matcher.group(2)
        + " "
        + resource
        + (namespace == null ? "" : " in namespace '" + namespace + "'")
        + "; it takes a Role with that verb on that resource";
  }

  private String absent(String said, String what) {
    Matcher namespace = NO_NAMESPACE.matcher(said);
    if (namespace.find()) {
      return noNamespace(namespace.group(1));
    }
    return what + ": " + said;
  }

  String noNamespace(String name) {
    return "there is no namespace '"
        + name
        + "' in "
        + shown
        + "; make it with: kubectl create namespace "
        + name;
  }

  private static String said(KubernetesClientException failure) {
    Status status = failure.getStatus();
    String message = status == null ? null : status.getMessage();
    return oneLine(message == null ? String.valueOf(failure.getMessage()) : message);
  }

  static String oneLine(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
  }
}
