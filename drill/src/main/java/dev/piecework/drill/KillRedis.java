package dev.piecework.drill;

import dev.piecework.embedded.PrivateRedis;
import java.time.Duration;

/** SIGKILL to Redis, which comes back on its append-only file a moment later. */
public final class KillRedis implements Fault {

  private final PrivateRedis redis;
  private final String kind;
  private final Duration mayLose;

  /**
   * @param kind what to call it: with which {@code appendfsync} it runs, say
   * @param mayLose what of the time before it may be gone: nothing with {@code always}; with {@code
   *     everysec} Redis may hold a write back for 2 s while it waits for its disk
   */
  public KillRedis(PrivateRedis redis, String kind, Duration mayLose) {
    this.redis = redis;
    this.kind = kind;
    this.mayLose = mayLose;
  }

  @Override
  public String kind() {
    return kind;
  }

  @Override
  public void inject(FaultContext context) throws InterruptedException {
    context.injected("redis");
    Runnable over = context.mayUndo(mayLose);
    redis.kill();
    Thread.sleep(Duration.ofMillis(context.random().nextInt(400)));
    redis.start();
    over.run();
    context.recovers(kind);
  }
}
