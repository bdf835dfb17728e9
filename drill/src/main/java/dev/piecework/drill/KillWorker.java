package dev.piecework.drill;

/** SIGKILL to a worker. */
public final class KillWorker implements Fault {

  static final String KIND = "worker killed";

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public boolean isPossible(FaultContext context) {
    return context.hasWorker();
  }

  @Override
  public void inject(FaultContext context) {
    context.anyWorker().ifPresent(context::killWorker);
  }
}
