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
 * Deals the kind of fault that struck least in this phase, of those that are possible; which of
 * several, the dice say.
 */
final class FaultDeck {

  private final List<Fault> all;
  private final Scene scene;
  private final Map<Phase, Map<Fault, Integer>> dealt = new EnumMap<>(Phase.class);

  FaultDeck(List<Fault> all, Scene scene) {
    this.all = all;
    this.scene = scene;
  }

  /** The next that is possible, or null. */
  @Nullable Fault next() {
    Map<Fault, Integer> times =
        dealt.computeIfAbsent(scene.phase(), phase -> new IdentityHashMap<>());
    List<Fault> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, scene.random());
    Optional<Fault> next =
        shuffled.stream()
            .filter(fault -> fault.isPossible(scene))
            .min(Comparator.comparing(fault -> times.getOrDefault(fault, 0)));
    next.ifPresent(fault -> times.merge(fault, 1, Integer::sum));
    return next.orElse(null);
  }
}
