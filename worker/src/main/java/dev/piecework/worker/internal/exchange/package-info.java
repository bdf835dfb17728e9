/**
 * What the dispatcher and the slots give to each other: leases, ends of leases, and wake-ups. There
 * is no lock on the way of an item.
 */
@NullMarked
package dev.piecework.worker.internal.exchange;

import org.jspecify.annotations.NullMarked;
