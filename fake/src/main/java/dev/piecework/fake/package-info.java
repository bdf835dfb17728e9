/**
 * A queue in the memory of one process, for unit tests that want no Redis.
 *
 * <p>{@link dev.piecework.fake.FakeQueue} keeps the promises of {@link dev.piecework.WorkQueue}:
 * the suites that hold a queue in Redis to its contract are run on it too. So a worker, a handler
 * or a producer under test does what it would do in production, in microseconds, and time passes
 * when the test says so.
 */
@NullMarked
package dev.piecework.fake;

import org.jspecify.annotations.NullMarked;
