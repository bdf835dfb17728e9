package dev.piecework.drill;

/** SIGKILL to a worker. */
public final class KillWorker implements Fault {

  static final String KIND = "worker killed";

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public boolean isPossible(Scene scene) {
    return scene.hasWorker();
  }

  @Override
  public void strike(Scene scene) {
    scene.anyWorker().ifPresent(scene::killWorker);
  }
}
