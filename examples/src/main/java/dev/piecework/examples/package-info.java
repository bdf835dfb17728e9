/** Runnable examples of the Java library. */
@NullMarked
package dev.piecework.examples;

import org.jspecify.annotations.NullMarked;
