package dev.piecework;

import java.util.List;

/**
 * What one call leased, and the state of the queue at that instant.
 *
 * @param leases what this session now holds in addition; possibly none
 * @param refused the settlements that came too late: their leases were lost, nothing was changed
 * @param state {@link QueueState.Ready} when something was leased
 * @param left items that wait after this call; a hint for the size of the next batch
 * @param alone true when an item that has killed workers waits for a session that holds nothing:
 *     finish what is held before leasing more
 */
public record LeaseBatch(
    List<Lease> leases, List<Settlement> refused, QueueState state, long left, boolean alone) {}
