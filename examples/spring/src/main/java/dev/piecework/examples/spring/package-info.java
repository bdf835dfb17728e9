/** An application of Spring Boot that does the items of a queue. */
@NullMarked
package dev.piecework.examples.spring;

import org.jspecify.annotations.NullMarked;
