/** The keys, the scripts and the connection: inner parts of the queue, not for users. */
@NullMarked
package dev.piecework.redis;

import org.jspecify.annotations.NullMarked;
