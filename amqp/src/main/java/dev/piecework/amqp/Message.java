package dev.piecework.amqp;

import org.jspecify.annotations.Nullable;

/**
 * A message that was delivered and is not acknowledged.
 *
 * @param tag its number on the channel
 * @param redelivered whether it was delivered before, to us or to another, and given back
 * @param id its {@code message-id}, or null
 */
record Message(long tag, boolean redelivered, @Nullable String id, byte[] body) {}
