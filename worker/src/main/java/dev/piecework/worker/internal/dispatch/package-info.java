/**
 * The one actor that talks to the queue, and what it decides: how much to lease, how long to wait,
 * and how to stop. {@code Dispatcher} says in which order.
 */
@NullMarked
package dev.piecework.worker.internal.dispatch;

import org.jspecify.annotations.NullMarked;
