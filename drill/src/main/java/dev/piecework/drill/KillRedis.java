package dev.piecework.drill;

import dev.piecework.embedded.PrivateRedis;
import java.time.Duration;

/** SIGKILL to Redis, which comes back on its append-only file a moment later. */
public final class KillRedis implements Fault {

  private final PrivateRedis redis;
  private final String kind;

  /** Redis, and what to call it: with which {@code appendfsync} it runs, say. */
  public KillRedis(PrivateRedis redis, String kind) {
    this.redis = redis;
    this.kind = kind;
  }

  @Override
  public String kind() {
    return kind;
  }

  @Override
  public void strike(Scene scene) throws InterruptedException {
    scene.strikes("redis");
    redis.kill();
    Thread.sleep(Duration.ofMillis(scene.random().nextInt(400)));
    redis.start();
    scene.recovers(kind);
  }
}
