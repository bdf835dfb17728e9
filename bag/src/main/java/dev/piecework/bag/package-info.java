/**
 * Bags of typed items. A {@link dev.piecework.bag.TypedQueue} is a {@link dev.piecework.WorkQueue}
 * whose payloads and results are made of objects by a {@link dev.piecework.bag.Codec}; {@link
 * dev.piecework.bag.Bag} runs one to its end; {@link dev.piecework.bag.QueueExecutor} shows one as
 * an {@link java.util.concurrent.ExecutorService}.
 *
 * <p>Nothing here knows more of the queue than its API: whoever needs more of it has it at {@link
 * dev.piecework.bag.TypedQueue#queue}.
 */
@NullMarked
package dev.piecework.bag;

import org.jspecify.annotations.NullMarked;
