/** A queue in several hash slots, over queues in one. */
@NullMarked
package dev.piecework.internal.partition;

import org.jspecify.annotations.NullMarked;
