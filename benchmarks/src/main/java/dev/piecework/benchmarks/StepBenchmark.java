package dev.piecework.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.Item;
import dev.piecework.LeaseBatch;
import dev.piecework.Session;
import dev.piecework.SessionInfo;
import dev.piecework.WorkQueue;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import redis.clients.jedis.Jedis;

/**
 * The call that the worker lives on: end a batch and lease the next, one round trip. On the Redis
 * of {@code -Dredis=URL}; the time is per batch.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class StepBenchmark {

  private static final int REFILL = 100_000;

  @Param({"1", "10", "100", "1000"})
  public int batchSize;

  private final byte[] list = "step".getBytes(UTF_8);
  private final byte[][] payloads =
      Collections.nCopies(1000, "0123456789".getBytes(UTF_8)).toArray(byte[][]::new);
  private final Jedis jedis = new Jedis(redis().getHost(), redis().getPort());
  private final WorkQueue queue = WorkQueue.open(redis().toString(), "step");
  private final Session session = queue.session(SessionInfo.local(1));
  private LeaseBatch batch = new LeaseBatch(List.of(), List.of(), queue.state(), 0, false);

  private static URI redis() {
    return URI.create(System.getProperty("redis", "redis://127.0.0.1:6379"));
  }

  @Setup
  public void begin() {
    queue.fill(Stream.of(Item.of("first")));
    refill();
    batch = session.lease(batchSize);
  }

  /** A hundred thousand are pushed when they run out: some nanoseconds per item. */
  @Benchmark
  public LeaseBatch step() {
    batch = session.step(Ours.allDone(batch), batchSize);
    if (batch.left() < batchSize) {
      refill();
    }
    return batch;
  }

  private void refill() {
    for (int i = 0; i < REFILL; i += payloads.length) {
      jedis.rpush(list, payloads);
    }
  }

  @TearDown
  public void end() {
    session.close();
    queue.admin().purge();
    queue.close();
    jedis.close();
  }
}
