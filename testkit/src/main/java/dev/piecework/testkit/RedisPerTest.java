package dev.piecework.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives each test an empty Redis, as a parameter of type {@link TestRedis}.
 *
 * <pre>{@code
 * @RedisPerTest
 * class QueueTest {
 *   @Test
 *   void fills(TestRedis redis) { ... redis.uri() ... }
 * }
 * }</pre>
 *
 * <p>It costs a millisecond: one server is shared by the tests of a JVM and emptied before each. So
 * tests that use it must not run at the same time in one JVM; those with {@link #own} may. The
 * annotation of a method goes before that of its class.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RedisPerTestExtension.class)
public @interface RedisPerTest {
  /** A server of the test's own, with an append-only file: it may be killed. Costs 15 ms. */
  boolean own() default false;

  /**
   * How an own one writes that file: {@code always}, so that what it has answered survives a kill,
   * or {@code everysec}, as servers usually run, where a kill may undo the last two seconds.
   */
  String appendfsync() default "always";

  /** More lines of the configuration, such as {@code "maxmemory 10mb"}; makes it an own one. */
  String[] config() default {};
}
