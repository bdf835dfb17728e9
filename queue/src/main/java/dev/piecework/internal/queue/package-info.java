/** A queue in one hash slot, and what a person does to it. */
@NullMarked
package dev.piecework.internal.queue;

import org.jspecify.annotations.NullMarked;
