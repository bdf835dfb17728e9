/**
 * The starter for Spring Boot. A method with {@link dev.piecework.spring.PieceworkHandler} is the
 * handler of a queue; properties {@code piecework.*} say where Redis is and how workers work.
 */
@NullMarked
package dev.piecework.spring;

import org.jspecify.annotations.NullMarked;
