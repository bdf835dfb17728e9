package dev.piecework.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The method does the items of a queue: a worker runs as long as the application does.
 *
 * <p>It takes an {@link dev.piecework.worker.Attempt}, or the item as {@code byte[]}, as {@code
 * String} or as any type that Jackson makes of JSON, and if it likes the attempt after it. What it
 * returns is the result, in the same ways; an {@link dev.piecework.worker.Outcome} says what
 * happens next; {@code void} and {@code null} are done without a result. What it throws is a failed
 * attempt, but for {@link dev.piecework.bag.BuryItemException} and {@link
 * dev.piecework.bag.RetryItemException}.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface PieceworkHandler {

  /** The queue's name; may have placeholders. */
  String queue();

  /** How many items at once; may have placeholders. Empty for {@code piecework.worker.slots}. */
  String slots() default "";
}
