package dev.piecework.benchmarks.jesque;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import net.greghaines.jesque.Config;
import net.greghaines.jesque.ConfigBuilder;
import net.greghaines.jesque.Job;
import net.greghaines.jesque.client.Client;
import net.greghaines.jesque.client.ClientImpl;
import net.greghaines.jesque.worker.MapBasedJobFactory;
import net.greghaines.jesque.worker.Worker;
import net.greghaines.jesque.worker.WorkerImpl;

/**
 * Jesque as a peer: {@code fill|drain REDIS_URL QUEUE ITEMS CONCURRENCY PAYLOAD_BYTES
 * RESULT_BYTES}. It keeps no results.
 */
public final class Peer {

  private static final AtomicLong LEFT = new AtomicLong();
  private static final CountDownLatch DONE = new CountDownLatch(1);

  private Peer() {}

  /** A job that does nothing. */
  public static final class NoOp implements Runnable {

    /** Jesque gives the payload to the constructor. */
    public NoOp(String payload) {}

    @Override
    public void run() {
      if (LEFT.decrementAndGet() == 0) {
        DONE.countDown();
      }
    }
  }

  public static void main(String[] args) throws InterruptedException {
    URI redis = URI.create(args[1]);
    Config config = new ConfigBuilder().withHost(redis.getHost()).withPort(redis.getPort()).build();
    String queue = args[2];
    int items = Integer.parseInt(args[3]);
    long began = System.nanoTime();
    if (args[0].equals("fill")) {
      fill(config, queue, items, Integer.parseInt(args[5]));
    } else {
      LEFT.set(items);
      for (int i = 0; i < Integer.parseInt(args[4]); i++) {
        Worker worker =
            new WorkerImpl(
                config, List.of(queue), new MapBasedJobFactory(Map.of("NoOp", NoOp.class)));
        Thread.ofPlatform().daemon().start(worker);
      }
      DONE.await();
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.println("{\"items\": " + items + ", \"seconds\": " + seconds + "}");
    System.exit(0);
  }

  private static void fill(Config config, String queue, int items, int size) {
    Client client = new ClientImpl(config);
    List<Job> batch = new ArrayList<>();
    for (int i = 0; i < items; i++) {
      batch.add(new Job("NoOp", String.format("%0" + size + "d", i)));
      if (batch.size() == 1000 || i == items - 1) {
        client.batchEnqueue(queue, batch);
        batch.clear();
      }
    }
    client.end();
  }
}
