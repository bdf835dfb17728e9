/** What is done once when a queue is drained: {@code --then}. */
@NullMarked
package dev.piecework.cli.followup;

import org.jspecify.annotations.NullMarked;
