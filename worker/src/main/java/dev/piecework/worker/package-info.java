/**
 * The worker: takes items from a queue, gives them to a handler in some slots, and goes home when
 * the bag is done.
 *
 * <p>How it hangs together. {@code Dispatcher} is the one actor that calls the queue. In a turn
 * ({@code DispatchTurn}) it gathers what the slots have ended from the {@code Outbox}, leases what
 * {@code BatchSizer} says, in the same call, and puts that on the {@code PrefetchBuffer}, where the
 * slots take it from. What to do when there is nothing to lease is {@code Waiting}'s to say; how to
 * stop, {@code ShutdownSequence}'s. The slots are a {@code SlotPool} of daemon threads: a {@code
 * HandlerSlot} gives one item at a time to a {@link dev.piecework.worker.Handler} and may be timed
 * by a {@code TimeoutWatch}; a {@code LoopSlot} runs a {@link dev.piecework.worker.SlotLoop}. The
 * {@code WakeUp} wakes the feeder, here or in Redis.
 *
 * <p>On the way of an item there is no lock: a slot counts up to take a lease, and counts up to
 * hand in its end.
 */
@NullMarked
package dev.piecework.worker;

import org.jspecify.annotations.NullMarked;
