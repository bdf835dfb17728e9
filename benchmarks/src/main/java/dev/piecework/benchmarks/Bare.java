package dev.piecework.benchmarks;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.args.ListDirection;

/**
 * What Redis and Jedis can do at all, without a fence, attempts or a heartbeat: {@code VERB
 * REDIS_URL QUEUE ITEMS CONCURRENCY PAYLOAD_BYTES BATCH}. The verbs: {@code drain}, batches by
 * LMOVE (each item to a list of what is worked on), LPOP and INCRBY, the end of one batch and the
 * next in one pipeline, on CONCURRENCY connections; {@code sleep}, CONCURRENCY threads that wait 1
 * ms per item and use no Redis.
 */
public final class Bare {

  private Bare() {}

  public static void main(String[] args) throws InterruptedException {
    URI redis = URI.create(args[1]);
    long items = Long.parseLong(args[3]);
    int concurrency = Integer.parseInt(args[4]);
    int batch = Integer.parseInt(args[6]);
    long began = System.nanoTime();
    long done =
        switch (args[0]) {
          case "drain" -> drain(redis, args[2], concurrency, batch);
          case "sleep" -> sleep(items, concurrency);
          default -> throw new IllegalArgumentException("unknown verb " + args[0]);
        };
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.println("{\"items\": " + done + ", \"seconds\": " + seconds + "}");
  }

  private static long drain(URI redis, String queue, int connections, int batch)
      throws InterruptedException {
    AtomicLong done = new AtomicLong();
    inThreads(
        connections, n -> done.addAndGet(drainOne(redis, queue, queue + ":held:" + n, batch)));
    return done.get();
  }

  private static long drainOne(URI redis, String queue, String record, int batch) {
    byte[] list = queue.getBytes(StandardCharsets.UTF_8);
    byte[] held = record.getBytes(StandardCharsets.UTF_8);
    byte[] counter = (queue + ":done").getBytes(StandardCharsets.UTF_8);
    long done = 0;
    try (Jedis jedis = new Jedis(redis.getHost(), redis.getPort())) {
      int holds = 0;
      while (true) {
        Pipeline pipeline = jedis.pipelined();
        if (holds > 0) {
          pipeline.lpop(held, holds);
          pipeline.incrBy(counter, holds);
        }
        List<Response<byte[]>> leased = new ArrayList<>(batch);
        for (int i = 0; i < batch; i++) {
          leased.add(pipeline.lmove(list, held, ListDirection.LEFT, ListDirection.RIGHT));
        }
        pipeline.sync();
        done += holds;
        holds = 0;
        for (Response<byte[]> item : leased) {
          holds += item.get() == null ? 0 : 1;
        }
        if (holds == 0) {
          return done;
        }
      }
    }
  }

  private static long sleep(long items, int threads) throws InterruptedException {
    AtomicLong done = new AtomicLong();
    inThreads(
        threads,
        n -> {
          while (done.getAndIncrement() < items) {
            Thread.sleep(1);
          }
        });
    return items;
  }

  private interface Task {
    void run(int number) throws InterruptedException;
  }

  private static void inThreads(int threads, Task task) throws InterruptedException {
    List<Thread> started = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int number = i;
      started.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  task.run(number);
                } catch (InterruptedException stopped) {
                  Thread.currentThread().interrupt();
                }
              }));
    }
    for (Thread thread : started) {
      thread.join();
    }
  }
}
