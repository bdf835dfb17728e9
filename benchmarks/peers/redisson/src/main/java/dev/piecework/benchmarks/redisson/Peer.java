package dev.piecework.benchmarks.redisson;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.redisson.Redisson;
import org.redisson.api.RDeque;
import org.redisson.api.RList;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

/**
 * A reliable queue as it is built with Redisson, RPOPLPUSH and LREM: {@code fill|drain REDIS_URL
 * QUEUE ITEMS CONCURRENCY PAYLOAD_BYTES RESULT_BYTES}. It keeps no results.
 */
public final class Peer {

  private Peer() {}

  public static void main(String[] args) throws InterruptedException {
    String name = args[2];
    int items = Integer.parseInt(args[3]);
    Config config = new Config();
    config.setCodec(StringCodec.INSTANCE);
    config.useSingleServer().setAddress(args[1]);
    RedissonClient client = Redisson.create(config);
    long began = System.nanoTime();
    if (args[0].equals("fill")) {
      fill(client.getList(name), items, Integer.parseInt(args[5]));
    } else {
      items = drain(client, name, Integer.parseInt(args[4]));
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.println("{\"items\": " + items + ", \"seconds\": " + seconds + "}");
    System.exit(0);
  }

  private static void fill(RList<String> list, int items, int size) {
    List<String> batch = new ArrayList<>();
    for (int i = 0; i < items; i++) {
      batch.add(String.format("%0" + size + "d", i));
      if (batch.size() == 1000 || i == items - 1) {
        list.addAll(batch);
        batch.clear();
      }
    }
  }

  private static int drain(RedissonClient client, String name, int threads)
      throws InterruptedException {
    AtomicInteger done = new AtomicInteger();
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      workers.add(
          Thread.ofPlatform()
              .start(() -> {
                RDeque<String> waiting = client.getDeque(name);
                RDeque<String> processing = client.getDeque(name + ":processing");
                String item = waiting.pollLastAndOfferFirstTo(processing.getName());
                while (item != null) {
                  processing.remove(item);
                  done.incrementAndGet();
                  item = waiting.pollLastAndOfferFirstTo(processing.getName());
                }
              }));
    }
    for (Thread worker : workers) {
      worker.join();
    }
    return done.get();
  }
}
