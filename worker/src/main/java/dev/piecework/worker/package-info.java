/**
 * The worker: takes items from a queue, gives them to a handler in some slots, and ends when the
 * run is drained. {@link dev.piecework.worker.Worker} is where to begin.
 *
 * <p>How it works is in {@code dev.piecework.worker.internal}, which no other module may use; its
 * {@code Dispatcher} is the file to read first.
 */
@NullMarked
package dev.piecework.worker;

import org.jspecify.annotations.NullMarked;
