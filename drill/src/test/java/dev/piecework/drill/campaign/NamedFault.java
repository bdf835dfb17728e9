package dev.piecework.drill.campaign;

import dev.piecework.drill.Fault;
import dev.piecework.drill.FaultContext;
import java.util.function.Predicate;

/** A fault in two lambdas. */
record NamedFault(String kind, Predicate<FaultContext> possible, Act act) implements Fault {

  interface Act {
    void on(FaultContext context) throws Exception;
  }

  /** One that is always possible. */
  static Fault of(String kind, Act act) {
    return new NamedFault(kind, context -> true, act);
  }

  @Override
  public boolean isPossible(FaultContext context) {
    return possible.test(context);
  }

  @Override
  public void inject(FaultContext context) throws Exception {
    act.on(context);
  }
}
