/**
 * A real Redis at hand: found on this machine or unpacked, started, shared and stopped.
 *
 * <ul>
 *   <li>{@link dev.piecework.embedded.EmbeddedRedis} is the one that the verbs of the command line
 *       share: it keeps its data, starts when somebody first needs it and stops when nobody has
 *       used it for a while.
 *   <li>{@link dev.piecework.embedded.PrivateRedis} belongs to one program, for tests: it never
 *       outlives it.
 *   <li>{@link dev.piecework.embedded.RedisBinary} says which server program both would run.
 * </ul>
 */
@NullMarked
package dev.piecework.embedded;

import org.jspecify.annotations.NullMarked;
