package dev.piecework.bag;

import dev.piecework.Result;

/**
 * An item that is done.
 *
 * @param item as it was put in
 * @param result what its handler made of it
 * @param committed all that is kept of it: id, attempt, worker, times
 */
public record TypedResult<T, R>(T item, R result, Result committed) {}
