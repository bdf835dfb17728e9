package dev.piecework.drill;

/** SIGKILL to the producer, which is started again and continues. */
public final class KillProducer implements Fault {

  @Override
  public String kind() {
    return "producer killed";
  }

  @Override
  public boolean isPossible(Scene scene) {
    return scene.producerLives();
  }

  @Override
  public void strike(Scene scene) {
    scene.killProducer();
  }
}
