package dev.piecework.drill.campaign;

import dev.piecework.drill.Fault;
import dev.piecework.drill.Scene;
import java.util.function.Predicate;

/** A fault in two lambdas. */
record NamedFault(String kind, Predicate<Scene> possible, Act act) implements Fault {

  interface Act {
    void on(Scene scene) throws Exception;
  }

  /** One that is always possible. */
  static Fault of(String kind, Act act) {
    return new NamedFault(kind, scene -> true, act);
  }

  @Override
  public boolean isPossible(Scene scene) {
    return possible.test(scene);
  }

  @Override
  public void strike(Scene scene) throws Exception {
    act.on(scene);
  }
}
