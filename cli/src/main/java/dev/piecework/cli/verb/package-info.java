/**
 * What every verb is and has: its options and parser, the terminal, exit codes, errors of one line,
 * signals, and text that is safe to show.
 */
@NullMarked
package dev.piecework.cli.verb;

import org.jspecify.annotations.NullMarked;
