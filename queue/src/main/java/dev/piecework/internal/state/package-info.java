/** Reading a queue: how it stands, what is in it, and putting back what was lost. */
@NullMarked
package dev.piecework.internal.state;

import org.jspecify.annotations.NullMarked;
