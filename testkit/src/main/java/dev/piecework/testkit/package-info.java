/**
 * For tests of programs that use Piecework, and of Piecework itself: real servers, real processes,
 * and faults by hand.
 *
 * <ul>
 *   <li>{@link dev.piecework.testkit.RedisPerTest}: an empty Redis for each test, in a millisecond;
 *       as {@link dev.piecework.testkit.TestRedis} it can be killed, frozen and brought back, with
 *       its data or without, and can make users of restricted rights
 *   <li>{@link dev.piecework.testkit.SentinelTrio}, {@link dev.piecework.testkit.TestCluster},
 *       {@link dev.piecework.testkit.TlsRedis}: the other ways to run Redis
 *   <li>{@link dev.piecework.testkit.OutageProxy}: a network that a test cuts, stalls and delays
 *   <li>{@link dev.piecework.testkit.CrashableProcess}: a process that a test kills, and that never
 *       outlives it
 *   <li>{@link dev.piecework.testkit.SettableClock}: a clock that a test moves
 * </ul>
 *
 * <p>Nothing here sleeps to make a state likely: it returns when the state is there, and fails
 * after a minute with what was seen instead.
 */
@NullMarked
package dev.piecework.testkit;

import org.jspecify.annotations.NullMarked;
