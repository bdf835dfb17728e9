package dev.piecework.benchmarks.jobrunr;

import static org.jobrunr.server.BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.h2.jdbcx.JdbcDataSource;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.scheduling.BackgroundJob;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.storage.sql.h2.H2StorageProvider;

/**
 * JobRunr as a peer: {@code fill|drain REDIS_URL QUEUE ITEMS CONCURRENCY PAYLOAD_BYTES
 * RESULT_BYTES}. Its free edition keeps jobs in a SQL database: H2 in this process's memory, the
 * quickest. So a drain fills first. The seconds that it reports begin with the first job: not in
 * them are the fill and the wait for the first poll.
 */
public final class Peer {

  private static final AtomicLong LEFT = new AtomicLong();
  private static final AtomicLong BEGAN = new AtomicLong();
  private static final CountDownLatch DONE = new CountDownLatch(1);

  private Peer() {}

  /** The job: it does nothing. */
  public static void noOp(String payload) {
    BEGAN.compareAndSet(0, System.nanoTime());
    if (LEFT.decrementAndGet() == 0) {
      DONE.countDown();
    }
  }

  public static void main(String[] args) throws InterruptedException {
    int items = Integer.parseInt(args[3]);
    int size = Integer.parseInt(args[5]);
    LEFT.set(items);
    JdbcDataSource memory = new JdbcDataSource();
    memory.setURL("jdbc:h2:mem:jobs;DB_CLOSE_DELAY=-1");
    JobRunr.configure()
        .useStorageProvider(new H2StorageProvider(memory))
        .useBackgroundJobServer(
            usingStandardBackgroundJobServerConfiguration()
                .andWorkerCount(Integer.parseInt(args[4]))
                .andPollIntervalInSeconds(5),
            false)
        .initialize();
    long began = System.nanoTime();
    BackgroundJob.enqueue(
        IntStream.range(0, items).mapToObj(i -> String.format("%0" + size + "d", i)),
        payload -> noOp(payload));
    if (args[0].equals("drain")) {
      BackgroundJobServer server = JobRunr.getBackgroundJobServer();
      server.start();
      DONE.await();
      began = BEGAN.get();
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.println("{\"items\": " + items + ", \"seconds\": " + seconds + "}");
    System.exit(0);
  }
}
