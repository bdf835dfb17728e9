package dev.piecework.drill;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Deals faults like cards: each kind once before any comes again, unless it is not possible. */
final class FaultDeck {

  private final List<Fault> all;
  private final Scene scene;
  private final List<Fault> left = new ArrayList<>();

  FaultDeck(List<Fault> all, Scene scene) {
    this.all = all;
    this.scene = scene;
  }

  /** The next that is possible, or null. */
  @Nullable Fault next() {
    if (left.isEmpty()) {
      left.addAll(all);
      Collections.shuffle(left, scene.random());
    }
    for (int i = 0; i < left.size(); i++) {
      if (left.get(i).isPossible(scene)) {
        return left.remove(i);
      }
    }
    left.clear();
    return null;
  }
}
