/** One source that is filling, from a record to a durable chunk. */
@NullMarked
package dev.piecework.internal.fill;

import org.jspecify.annotations.NullMarked;
