package dev.piecework.bag;

import java.util.concurrent.Callable;

/**
 * Makes payloads of tasks, and results of what they answer. A task is an object that another
 * process can be sent: of a class that both know, with nothing in it but data.
 */
public interface TaskCodec {

  /**
   * The payload.
   *
   * @throws UnsupportedOperationException for a task that cannot leave this process, such as a
   *     lambda
   */
  byte[] encode(Callable<?> task);

  /**
   * The task of this payload.
   *
   * @throws RuntimeException when it is none that is known
   */
  Callable<?> decode(byte[] payload);

  /** The bytes of what this task has answered. */
  byte[] encodeResult(Callable<?> task, Object answer);

  /** What this task has answered. */
  Object decodeResult(Callable<?> task, byte[] result);
}
