/** One call of a command: what it is given, and what its end means for the items. */
@NullMarked
package dev.piecework.worker.internal.call;

import org.jspecify.annotations.NullMarked;
