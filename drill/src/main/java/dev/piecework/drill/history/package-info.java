/** What every client did, in files that survive its death. */
@NullMarked
package dev.piecework.drill.history;

import org.jspecify.annotations.NullMarked;
