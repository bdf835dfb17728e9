/**
 * Results on their way out of a queue: taken as they are committed or in the order of ids, printed
 * or written to a file, forgotten by Redis only when they are safe.
 */
@NullMarked
package dev.piecework.cli.results;

import org.jspecify.annotations.NullMarked;
