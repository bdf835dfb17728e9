package dev.piecework.internal.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.RedisUri.Login;
import dev.piecework.RedisUri.Node;
import dev.piecework.RedisUri.Sentinels;
import dev.piecework.internal.redis.RedisFailure.Kind;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Who we are to the Sentinels, found by asking them, since the client library says of one that
 * refuses us only that it is down.
 *
 * <p>What somebody said for the Sentinels is used alone. Where nobody did: nothing, as most
 * Sentinels ask for nothing; and if one does, user and password of the data servers, which are
 * usually the same, first with that user and then without.
 */
final class SentinelLogin {

  private final Supplier<Login> data;
  private final Sentinels sentinels;
  private final Function<Supplier<Login>, JedisClientConfig> configs;

  /**
   * @param data the login of the data servers, asked for before each connection: it may change
   * @param configs of connections to a Sentinel with this login
   */
  SentinelLogin(
      Supplier<Login> data,
      Sentinels sentinels,
      Function<Supplier<Login>, JedisClientConfig> configs) {
    this.data = data;
    this.sentinels = sentinels;
    this.configs = configs;
  }

  /**
   * How to connect to the Sentinels.
   *
   * @throws RedisFailure when none names the master; of several reasons that which a person can
   *     mend
   */
  JedisClientConfig found() {
    RedisFailure worst = null;
    for (Node sentinel : sentinels.nodes()) {
      try {
        return config(sentinel);
      } catch (RedisFailure failure) {
        if (worst == null || (worst.kind() == Kind.AWAY && failure.kind() != Kind.AWAY)) {
          worst = failure;
        }
      }
    }
    throw worst == null ? new RedisFailure(Kind.AWAY, "no Sentinel was named", null) : worst;
  }

  private JedisClientConfig config(Node sentinel) {
    RedisFailure refused = null;
    for (int i = 0; i < candidates().size(); i++) {
      int which = i;
      JedisClientConfig config = configs.apply(() -> candidate(which));
      try {
        if (knowsMaster(sentinel, config)) {
          return config;
        }
        throw new RedisFailure(
            Kind.AWAY,
            "the Sentinel at " + sentinel + " knows no master '" + sentinels.master() + "'",
            null);
      } catch (JedisException failed) {
        RedisFailure failure = Failures.of(failed, "the Sentinel at " + sentinel);
        if (failure.isAway()) {
          throw failure;
        }
        refused = failure;
      }
    }
    throw refused(refused);
  }

  private RedisFailure refused(@Nullable RedisFailure last) {
    String said = last == null ? "" : last.reason();
    return new RedisFailure(
        Kind.UNAUTHORISED,
        sentinels.login().password() == null && last != null
            ? said
                + "; a password of the Sentinels' own goes into the URL as ?sentinel-password=..."
            : said,
        last);
  }

  // Of a login that has changed since, the one that is made of it in the same way.
  private Login candidate(int which) {
    List<Login> now = candidates();
    return now.get(Math.min(which, now.size() - 1));
  }

  private List<Login> candidates() {
    Login own = sentinels.login();
    if (own.password() != null) {
      return List.of(own);
    }
    Set<Login> all = new LinkedHashSet<>(List.of(Login.NONE));
    Login same = data.get();
    if (same.password() != null) {
      if (own.user() != null) {
        all.add(new Login(own.user(), same.password()));
      }
      all.add(same);
      all.add(new Login(null, same.password()));
    }
    return List.copyOf(all);
  }

  private boolean knowsMaster(Node sentinel, JedisClientConfig config) {
    try (Connection connection =
        new Connection(new HostAndPort(sentinel.host(), sentinel.port()), config)) {
      Object address =
          connection.executeCommand(
              new CommandArguments(Command.SENTINEL)
                  .add("GET-MASTER-ADDR-BY-NAME")
                  .add(sentinels.master().getBytes(UTF_8)));
      return address instanceof List<?> parts && parts.size() == 2;
    }
  }
}
