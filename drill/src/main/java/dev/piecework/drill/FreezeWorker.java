package dev.piecework.drill;

import java.util.Optional;

/** SIGSTOP to a worker for longer than the lapse: it wakes, and believes that nothing happened. */
public final class FreezeWorker implements Fault {

  @Override
  public String kind() {
    return "worker frozen beyond its lapse";
  }

  @Override
  public boolean isPossible(FaultContext context) {
    return context.hasWorker();
  }

  @Override
  public void inject(FaultContext context) throws Exception {
    Optional<String> worker = context.anyWorker();
    if (worker.isPresent()) {
      context.freezeWorker(worker.get(), Fault.longerThan(context.plan().lapse()));
    }
  }
}
