package dev.piecework.worker.internal.call;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.process.CommandPlaces;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One start of the command.
 *
 * @param arguments the command's absolute path and its arguments
 * @param attempts whom it is for, at least one
 * @param slot that runs it, from 1
 * @param stdin what it reads, or null for /dev/null
 * @param place where it runs, or null for here
 * @param dropped whether nobody wants it any more
 */
public record Call(
    List<byte[]> arguments,
    List<Attempt> attempts,
    int slot,
    byte @Nullable [] stdin,
    CommandPlaces.@Nullable CommandPlace place,
    BooleanSupplier dropped) {

  /** That is asked now and then, from another thread. */
  public Call until(BooleanSupplier isDropped) {
    return new Call(arguments, attempts, slot, stdin, place, isDropped);
  }

  /** The same in this place. */
  public Call at(CommandPlaces.@Nullable CommandPlace where) {
    return new Call(arguments, attempts, slot, stdin, where, dropped);
  }
}
