/** The connection of one client, what it remembers of its queue, and how it waits. */
@NullMarked
package dev.piecework.internal.client;

import org.jspecify.annotations.NullMarked;
