/** The verbs that fill a queue, look at it, change it and remove it. */
@NullMarked
package dev.piecework.cli.queue;

import org.jspecify.annotations.NullMarked;
