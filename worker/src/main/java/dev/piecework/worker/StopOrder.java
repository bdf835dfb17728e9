package dev.piecework.worker;

/**
 * When the worker is to be at home.
 *
 * @param cutAt when the slots are interrupted, by the ticker
 * @param endAt when those that have not heeded that are left behind
 */
record StopOrder(long cutAt, long endAt) {}
