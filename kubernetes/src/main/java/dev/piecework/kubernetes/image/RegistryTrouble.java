package dev.piecework.kubernetes.image;

import com.google.cloud.tools.jib.api.InsecureRegistryException;
import com.google.cloud.tools.jib.api.RegistryAuthenticationFailedException;
import com.google.cloud.tools.jib.api.RegistryUnauthorizedException;
import dev.piecework.kubernetes.image.ImageRefusedException.Fault;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What went wrong between us and a registry, in one line. */
final class RegistryTrouble {

  private static final String INSECURE = "; if it is meant to speak without TLS: --insecure";

  private RegistryTrouble() {}

  /**
   * @param doing such as "cannot push registry.example.com/worker"
   * @param registry the host, for people
   */
  static ImageRefusedException of(String doing, String registry, Throwable thrown) {
    Throwable first = thrown;
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      String why = known(cause, registry);
      if (why != null) {
        Fault fault = isDenied(cause) ? Fault.REQUEST : Fault.SURROUNDINGS;
        return new ImageRefusedException(fault, doing + ": " + why, thrown);
      }
      first = cause;
    }
    String said = oneLine(thrown, first);
    boolean absent = said.contains("unknown") || said.contains("does not contain an image");
    return new ImageRefusedException(
        absent ? Fault.REQUEST : Fault.SURROUNDINGS, doing + ": " + said, thrown);
  }

  private static boolean isDenied(Throwable cause) {
    return cause instanceof RegistryUnauthorizedException
        || cause instanceof RegistryAuthenticationFailedException
        || cause instanceof InsecureRegistryException;
  }

  private static @Nullable String known(Throwable cause, String registry) {
    return switch (cause) {
      case RegistryUnauthorizedException denied ->
          isForbidden(denied)
              ? registry + " does not allow it to this user (403)"
              : registry
                  + " wants a user and a password, or refuses those given (401): docker login "
                  + registry;
      case RegistryAuthenticationFailedException denied ->
          registry + " refuses the user or the password: docker login " + registry;
      case InsecureRegistryException plain -> registry + " has no TLS to trust" + INSECURE;
      case UnknownHostException unknown -> "there is no host " + registry;
      case ConnectException refused -> "nobody answers at " + registry;
      case NoRouteToHostException none -> "there is no way to " + registry;
      case SocketTimeoutException slow -> registry + " does not answer in time";
      case SSLException broken -> registry + " speaks no TLS that is understood" + INSECURE;
      default -> null;
    };
  }

  /** Its message begins with the status; a digest further on may hold any three digits. */
  private static boolean isForbidden(RegistryUnauthorizedException denied) {
    Throwable cause = denied.getCause();
    return cause != null && String.valueOf(cause.getMessage()).startsWith("403");
  }

  private static String oneLine(Throwable thrown, Throwable first) {
    String said = thrown.getMessage();
    if (thrown instanceof java.util.concurrent.ExecutionException && thrown.getCause() != null) {
      said = thrown.getCause().getMessage();
    }
    if (said == null) {
      said = first.getClass().getSimpleName();
    }
    return said.replaceAll("\\s*\\R\\s*", " ").strip();
  }
}
