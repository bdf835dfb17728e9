package dev.piecework.worker.internal.exchange;

import dev.piecework.Lease;
import dev.piecework.Settlement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Leases that are lost because persons dropped their items, or another worker who held them too has
 * completed them, and are not over here yet.
 */
public final class DroppedLeases {

  private final Set<Lease> leases = ConcurrentHashMap.newKeySet();

  public void add(Lease lease) {
    leases.add(lease);
  }

  public boolean isEmpty() {
    return leases.isEmpty();
  }

  public boolean contains(Lease lease) {
    return !leases.isEmpty() && leases.contains(lease);
  }

  /** These were sent, so nothing of their leases is left here. */
  public void forget(List<Settlement> settlements) {
    if (!leases.isEmpty()) {
      settlements.forEach(settlement -> leases.remove(settlement.lease()));
    }
  }
}
