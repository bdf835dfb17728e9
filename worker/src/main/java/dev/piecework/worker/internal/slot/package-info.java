/**
 * The slots: one takes leases, has them worked on by a handler or a loop, and hands in how they
 * ended.
 */
@NullMarked
package dev.piecework.worker.internal.slot;

import org.jspecify.annotations.NullMarked;
