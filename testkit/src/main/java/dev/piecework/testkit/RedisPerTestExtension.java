package dev.piecework.testkit;

import dev.piecework.embedded.PrivateRedis;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;

/** Resolves {@link TestRedis} parameters; the store closes what it made, at the right time. */
final class RedisPerTestExtension implements ParameterResolver {
  private static final Namespace STORE = Namespace.create(RedisPerTestExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestRedis.class;
  }

  @Override
  public TestRedis resolveParameter(ParameterContext parameter, ExtensionContext context) {
    // In the context of the test, or of the class for @BeforeAll and constructors.
    return context
        .getStore(STORE)
        .computeIfAbsent(TestRedis.class, type -> make(context), TestRedis.class);
  }

  private static TestRedis make(ExtensionContext context) {
    Optional<RedisPerTest> wish = wish(context);
    boolean own = wish.map(RedisPerTest::own).orElse(false);
    String[] config = wish.map(RedisPerTest::config).orElse(new String[0]);
    if (own || config.length > 0) {
      // A test that kills its server must not depend on how busy the disk was.
      String fsync = wish.map(RedisPerTest::appendfsync).orElse(TestRedis.ALWAYS);
      PrivateRedis.Builder builder = TestRedis.withFile(fsync);
      for (String line : config) {
        String[] words = line.split(" +", 2);
        builder.config(words[0], words.length > 1 ? words[1].split(" +") : new String[0]);
      }
      return TestRedis.startedAs(builder);
    }
    Shared shared =
        context
            .getRoot()
            .getStore(STORE)
            .computeIfAbsent(
                Shared.class, type -> new Shared(PrivateRedis.started()), Shared.class);
    shared.empty();
    return new TestRedis(shared.server(), true);
  }

  private static Optional<RedisPerTest> wish(ExtensionContext context) {
    Optional<RedisPerTest> ofMethod =
        context
            .getTestMethod()
            .flatMap(method -> AnnotationSupport.findAnnotation(method, RedisPerTest.class));
    return ofMethod.or(() ->
        context
            .getTestClass()
            .flatMap(type -> AnnotationSupport.findAnnotation(type, RedisPerTest.class)));
  }

  /** The server of all tests in this JVM that do not need one of their own. */
  private record Shared(PrivateRedis server) implements AutoCloseable {

    /** Undoes what a test may have done: data, scripts, settings that tests use, users. */
    void empty() {
      server.start(); // no change if it runs
      try (Jedis jedis = TestRedis.connect(server.uri())) {
        jedis.sendCommand(Protocol.Command.CLIENT, "UNPAUSE");
        jedis.flushAll();
        jedis.scriptFlush();
        jedis.configSet("maxmemory", "0");
        jedis.configSet("maxmemory-policy", "noeviction");
        jedis.configResetStat();
        for (String user : jedis.aclUsers()) {
          if (!user.equals("default")) {
            jedis.aclDelUser(user);
          }
        }
      }
    }

    @Override
    public void close() {
      server.close();
    }
  }
}
