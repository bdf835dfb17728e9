package dev.piecework.drill;

import java.util.Optional;

/**
 * SIGSTOP to a worker for longer than the lease timeout: it wakes, and believes that nothing
 * happened.
 */
public final class FreezeWorker implements Fault {

  @Override
  public String kind() {
    return "worker frozen beyond its lease timeout";
  }

  @Override
  public boolean isPossible(Scene scene) {
    return scene.hasWorker();
  }

  @Override
  public void strike(Scene scene) throws Exception {
    Optional<String> worker = scene.anyWorker();
    if (worker.isPresent()) {
      scene.freezeWorker(worker.get(), Fault.longerThan(scene.plan().leaseTimeout()));
    }
  }
}
