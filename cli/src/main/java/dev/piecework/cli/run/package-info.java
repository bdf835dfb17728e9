/** The verbs that work on this machine: {@code run}, {@code work}, {@code drill}, and Jobs. */
@NullMarked
package dev.piecework.cli.run;

import org.jspecify.annotations.NullMarked;
