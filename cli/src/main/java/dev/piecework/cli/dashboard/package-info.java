/** The verbs that show a run: as a page, and as a file. */
@NullMarked
package dev.piecework.cli.dashboard;

import org.jspecify.annotations.NullMarked;
