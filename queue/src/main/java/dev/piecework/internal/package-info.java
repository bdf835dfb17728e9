/**
 * What a user of the library does not type, in packages by subject; no module outside may use it.
 * They use one another in one direction: {@code host}, {@code redis}, {@code client}, {@code
 * state}, then {@code session} and {@code fill}, {@code queue}, {@code partition}, and here what
 * opens a queue.
 */
@NullMarked
package dev.piecework.internal;

import org.jspecify.annotations.NullMarked;
