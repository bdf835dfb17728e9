/** The keys, the scripts and the connection. */
@NullMarked
package dev.piecework.internal.redis;

import org.jspecify.annotations.NullMarked;
