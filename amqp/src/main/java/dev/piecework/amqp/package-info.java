/**
 * Items from a queue of RabbitMQ: {@link dev.piecework.amqp.MessageFill} makes an item of each
 * message, and acknowledges it when the item is durable.
 */
@NullMarked
package dev.piecework.amqp;

import org.jspecify.annotations.NullMarked;
