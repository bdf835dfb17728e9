/** Proves from a history alone that the queue kept its promises, or says where it did not. */
@NullMarked
package dev.piecework.drill.check;

import org.jspecify.annotations.NullMarked;
