package dev.piecework;

import dev.piecework.estimate.EndEstimate;
import dev.piecework.journal.Journal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * A queue for whoever operates it, a person or a program that acts for one: what is in it and who
 * is at it, and all that changes it other than by filling it or by working on it. It is what the
 * verbs of the command line call, but for those that fill and work; {@link WorkQueue#admin} gives
 * it.
 *
 * <p>Where a program that works may call a method too, it is here by what it does to others: {@link
 * #pause} stops every worker, and {@link #reapGoneProcesses} and {@link #closeSource} decide that
 * somebody else is gone.
 *
 * <p>Safe for use by several threads; to be closed with its queue. A user's test may implement it.
 */
public interface QueueAdmin {

  /** What Redis this is, for people: "Redis 7.0.15 at 127.0.0.1:6379". */
  String server();

  /** How much memory this Redis may use: its {@code maxmemory}, or what its machine has. */
  default OptionalLong memory() {
    return OptionalLong.empty();
  }

  /** The queues in this Redis, by name: a hint, from a registry that fills write. */
  List<String> names();

  /**
   * The queue's partitions, each a part of it with its own results, counted by itself; this queue
   * alone if it has none. They are closed with this queue. Whoever fills or works needs none of
   * them: the queue divides what it is given.
   */
  List<WorkQueue> partitions();

  /** Everything, at one instant; with partitions at one instant for each. */
  QueueStatus status();

  /**
   * What is kept of the run beside its items: rates, times, failures by cause. Of the run that is
   * under way, or was the last to end; empty if there was none.
   */
  Journal journal();

  /**
   * Keeps a short text with the run that is there, beside its journal and as long as that: how it
   * was started, which trace it belongs to. The last text under a name stays.
   *
   * @param name 1 to 40 of {@code a-z 0-9 -}; 16 names at most
   * @param text at most 4,096 bytes in UTF-8; a longer one is cut
   * @return false where the queue has had no run, or has no room for another name
   */
  boolean note(String name, String text);

  /** What was kept by this name with the run that is there. */
  Optional<String> note(String name);

  /**
   * When the run ends, as a range where that can be said. Who reads status and journal anyway asks
   * {@link QueueStatus#end} instead.
   */
  default EndEstimate estimate() {
    return status().end(journal());
  }

  /** Items in one state, streamed page by page. */
  Stream<ItemView> items(ItemState state);

  /**
   * These of the dead items, streamed some at a time: those that are dead when it is called and
   * still are when they are read.
   */
  Stream<ItemView> items(DeadItems which);

  /**
   * The item with this id, whatever its state, also when that changes meanwhile, unless it changes
   * hands all the while; none when it was never there or is dropped, and when it is done and its
   * result is not in Redis (any more).
   */
  Optional<ItemView> item(String id);

  /**
   * The stored results by their positions: one log for each partition, in their order, and one for
   * a queue without.
   */
  List<ResultLog> resultLogs();

  /** Dead items back to waiting, with fresh budgets. */
  long requeue(DeadItems which);

  /**
   * One item to be leased now: a dead one with fresh budgets, or a delayed one as it is.
   *
   * @return the state that it was in, or none if it is in neither
   */
  Optional<ItemState> requeueItem(String id);

  /** Dead items out of the queue, with their evidence. */
  long drop(DeadItems which);

  /**
   * One item out of the queue, whatever its state but done: waiting, delayed, leased or dead. Who
   * holds it loses the lease at once, and is told with its next heartbeat; what it says of the item
   * is refused.
   *
   * @param id an item that was plainly filled and never leased has none yet: see {@link
   *     #dropWaiting}
   * @return the state that it was in, or none if there is no such item
   */
  Optional<ItemState> dropItem(String id);

  /**
   * One waiting item that has no id yet out of the queue, by its payload: of several equal ones
   * that which would be leased first. The items after it move up, so that their ids, which are
   * counted when they are leased, are one less than their places in the input.
   *
   * @return false when none waits
   */
  boolean dropWaiting(byte[] payload);

  /** No more leasing until {@link #resume}; what is leased goes on. */
  void pause(String reason);

  /**
   * Holds what has failed since the run began, or was resumed, against this rule, and pauses the
   * queue where going on would be in vain. Workers ask after each failed attempt.
   *
   * @param rule the queue's own: {@link QueueSettings#stopEarly}
   * @return why it is stopped early, by this call or one before; none when it is not
   */
  Optional<String> stopEarly(StopEarly rule);

  /** Leasing goes on; what {@link StopEarly} goes by begins anew. */
  void resume();

  /** Changes one setting that is stored with the queue; e.g. {@code attempts}, {@code 5}. */
  default void set(String setting, String value) {
    set(Map.of(setting, value));
  }

  /**
   * Changes these settings and no others: all of them in one script, or none. Workers and producers
   * that run go by them from their next heartbeat on. With partitions in one script for each, the
   * queue's own record last: until that is through the change may be made again.
   *
   * @throws IllegalArgumentException saying which name or value is wrong; nothing is changed
   * @throws QueueUnusableException when there is no queue of this name
   */
  void set(Map<String, String> changes);

  /**
   * Has a worker work in so many slots from its next heartbeat on. One of an older version does not
   * heed it.
   *
   * @param session the id of its session, as {@link QueueStatus.SessionView#id}
   * @return false when there is no such session
   */
  default boolean slots(String session, int slots) {
    throw new UnsupportedOperationException("the slots of this queue's workers cannot be changed");
  }

  /**
   * Closes a source by hand: one that is held, or whose producer vanished.
   *
   * @return false when there is no such source
   */
  boolean closeSource(String source);

  /**
   * Reaps sessions and producers of this host whose process is gone, without waiting a lease
   * timeout.
   *
   * @return how many sessions
   */
  int reapGoneProcesses();

  /**
   * Puts back what rediswq workers hold whose lease key is gone.
   *
   * @return how many items
   * @throws QueueUnusableException on a Cluster, where their keys lie in other slots; and with
   *     partitions, of which they know nothing
   */
  long adopt();

  /**
   * Removes everything. Sessions that hold items are refused when they end them.
   *
   * @return how many items there were
   */
  long purge();

  /**
   * What is done once when a run is drained, by one of all that would do it. Whoever may do it asks
   * for this when it comes: a failure that was there before is tried again by it, a later one is
   * not.
   */
  default FollowUp followUp() {
    throw new UnsupportedOperationException("nothing follows the end of this queue's runs");
  }

  /**
   * What follows the end of a run, fenced: at any time one client has it, by a lease that it
   * renews, and what it says after another has taken over is refused. It is done at least once, and
   * committed once for what the run had done when it ended.
   */
  interface FollowUp {

    /**
     * Asks for it.
     *
     * @param who for people
     * @param lease how long it is this client's unless it is renewed
     */
    Turn take(String who, Duration lease);

    /**
     * Has it for so long from now on. Asks Redis once, and throws when that does not answer.
     *
     * @return false when it is another's, or nobody's
     */
    boolean renew(long token, Duration lease);

    /** Says that it was done; false when it is another's, or nobody's. */
    boolean done(long token);

    /** Says that it failed, with the exit code of a command; false as with {@link #done}. */
    boolean failed(long token, int code);

    /** Gives it back undone. */
    boolean release(long token);

    /** What who asks is told. */
    sealed interface Turn {}

    /**
     * It is this client's turn.
     *
     * @param token grows each time that somebody takes it: a fencing token
     * @param tries how often it was taken for this end of the run, this one included
     */
    record Taken(long token, int tries) implements Turn {}

    /** Another does it; that one's lease is over in so long. */
    record Held(String who, Duration left) implements Turn {}

    /** It was done. */
    record Done() implements Turn {}

    /** Another has tried it in vain. */
    record Failed(int code) implements Turn {}

    /** The run is not over, or not there any more. */
    record NotEnded() implements Turn {}
  }
}
