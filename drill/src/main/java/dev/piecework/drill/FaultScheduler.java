package dev.piecework.drill;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the kind of fault that was injected least in this phase, of those that are possible; of
 * several, one at random.
 */
final class FaultScheduler {

  private final List<Fault> all;
  private final FaultContext context;
  private final Map<Phase, Map<Fault, Integer>> chosen = new EnumMap<>(Phase.class);

  FaultScheduler(List<Fault> all, FaultContext context) {
    this.all = all;
    this.context = context;
  }

  /** The next that is possible, or null. */
  @Nullable Fault next() {
    Map<Fault, Integer> times =
        chosen.computeIfAbsent(context.phase(), phase -> new IdentityHashMap<>());
    List<Fault> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, context.random());
    Optional<Fault> next =
        shuffled.stream()
            .filter(fault -> fault.isPossible(context))
            .min(Comparator.comparing(fault -> times.getOrDefault(fault, 0)));
    next.ifPresent(fault -> times.merge(fault, 1, Integer::sum));
    return next.orElse(null);
  }
}
