/** Reading a queue: its state, what is in it, and putting back what was lost. */
@NullMarked
package dev.piecework.internal.state;

import org.jspecify.annotations.NullMarked;
