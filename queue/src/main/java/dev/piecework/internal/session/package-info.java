/** One session: what it holds, its heartbeat, and its steps. */
@NullMarked
package dev.piecework.internal.session;

import org.jspecify.annotations.NullMarked;
