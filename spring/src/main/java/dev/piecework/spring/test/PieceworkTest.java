package dev.piecework.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextCustomizerFactories;

/**
 * A test of an application's handlers and queues, each on a Redis of its own: a real one, started
 * for it and gone afterwards, whatever {@code piecework.redis} says. The application has no web
 * server. It wants {@code piecework-testkit} and {@code spring-boot-starter-test} among the
 * dependencies of the tests.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.NONE)
@DirtiesContext(classMode = DirtiesContext.ClassMode.AFTER_EACH_TEST_METHOD)
@ContextCustomizerFactories(RedisPerContext.Factory.class)
public @interface PieceworkTest {}
