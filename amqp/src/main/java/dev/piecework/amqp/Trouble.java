package dev.piecework.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What the client's exceptions mean, for people. */
final class Trouble {

  private static final int NO_SUCH_QUEUE = 404;
  private static final int ACCESS_REFUSED = 403;
  private static final int NO_SUCH_VIRTUAL_HOST = 530;
  private static final int LOCKED = 405;

  private Trouble() {}

  static BrokerException of(BrokerUri where, Exception thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof PossibleAuthenticationFailureException) {
        return new BrokerException(true, refusedLogin(where), thrown);
      }
      if (at instanceof SSLException) {
        return new BrokerException(true, untrusted(where, thrown), thrown);
      }
      String refusal =
          at instanceof ShutdownSignalException signal
              ? refusal(where, code(signal.getReason()))
              : null;
      if (refusal != null) {
        return new BrokerException(false, refusal, thrown);
      }
    }
    return new BrokerException(
        true, "RabbitMQ at " + where.place() + ": " + absence(where, thrown), thrown);
  }

  private static String refusedLogin(BrokerUri where) {
    return "RabbitMQ at "
        + where.place()
        + " refused user '"
        + where.login().user()
        + "' or the password for virtual host '"
        + where.virtualHost()
        + "'";
  }

  private static String untrusted(BrokerUri where, Throwable thrown) {
    Throwable last = thrown;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    String said = String.valueOf(last.getMessage());
    String why =
        last instanceof CertPathBuilderException
            ? "its certificate is from no authority that is trusted here (" + said + ")"
            : said;
    return "no trusted TLS connection to RabbitMQ at " + where.place() + ": " + why;
  }

  private static @Nullable String refusal(BrokerUri where, int code) {
    return switch (code) {
      case NO_SUCH_QUEUE ->
          "RabbitMQ at "
              + where.place()
              + " has no queue '"
              + where.queue()
              + "' in virtual host '"
              + where.virtualHost()
              + "'";
      case ACCESS_REFUSED ->
          "RabbitMQ at "
              + where.place()
              + " does not let user '"
              + where.login().user()
              + "' read queue '"
              + where.queue()
              + "'";
      case LOCKED ->
          "RabbitMQ at "
              + where.place()
              + ": queue '"
              + where.queue()
              + "' is another connection's alone";
      case NO_SUCH_VIRTUAL_HOST ->
          "RabbitMQ at "
              + where.place()
              + " has no virtual host '"
              + where.virtualHost()
              + "', or none for user '"
              + where.login().user()
              + "'";
      default -> null;
    };
  }

  private static int code(@Nullable Object reason) {
    return switch (reason) {
      case AMQP.Channel.Close channel -> channel.getReplyCode();
      case AMQP.Connection.Close connection -> connection.getReplyCode();
      case null, default -> 0;
    };
  }

  private static String absence(BrokerUri where, Exception thrown) {
    return switch (thrown) {
      case ConnectException refused -> "connection refused";
      case UnknownHostException unknown -> "there is no host " + where.place().host();
      case TimeoutException slow -> "no answer";
      case ShutdownSignalException signal when signal.getCause() == null ->
          signal.isHardError() ? "the connection was closed" : "the channel was closed";
      default -> {
        if (thrown.getCause() instanceof Exception cause) {
          yield absence(where, cause);
        }
        String said = thrown.getMessage();
        yield said == null ? thrown.getClass().getSimpleName() : said;
      }
    };
  }
}
