package dev.piecework.drill;

/** SIGKILL to the producer, which is started again and continues. */
public final class KillProducer implements Fault {

  @Override
  public String kind() {
    return "producer killed";
  }

  @Override
  public boolean isPossible(FaultContext context) {
    return context.producerLives();
  }

  @Override
  public void inject(FaultContext context) {
    context.killProducer();
  }
}
