package dev.piecework.testrun;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Names the tools, listed in {@code tools.txt} beside this class, that a test cannot do without.
 * Where one is missing the test is skipped and says so; with {@code CI=true} it fails.
 *
 * <pre>{@code
 * @Test
 * @Needs("podman")
 * void runsInAContainer() { ... }
 * }</pre>
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsCondition.class)
public @interface Needs {
  /** Names of tools. */
  String[] value();
}
