/** This machine: what tells it from every other, and which of its processes are dead. */
@NullMarked
package dev.piecework.internal.host;

import org.jspecify.annotations.NullMarked;
