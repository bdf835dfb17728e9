/** Items from a file, a stream or the arguments: lines, NUL, JSON lines, tables, lists. */
@NullMarked
package dev.piecework.cli.input;

import org.jspecify.annotations.NullMarked;
