/** How many commands run at once, when the next may start, and how they share the machine. */
@NullMarked
package dev.piecework.cli.throttle;

import org.jspecify.annotations.NullMarked;
