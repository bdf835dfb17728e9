package dev.piecework.cli.selftest;

import dev.piecework.Keep;
import dev.piecework.QueueConfig;
import dev.piecework.QueueSettings;
import dev.piecework.WorkQueue;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.redis.Connection;
import dev.piecework.cli.redis.RedisOptions;
import dev.piecework.cli.redis.WhereRedis;
import dev.piecework.cli.selftest.CheckResult.SkippedException;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.embedded.EmbeddedRedis;
import dev.piecework.embedded.PrivateRedis;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The checks, one after the other. */
final class SelfTest {

  /** What a worker has open beside its commands; the soft limit of most systems is 1,024. */
  private static final long FEW_FILES = 256;

  private static final int PINGS = 20;

  /** A Redis that is away for longer has failed: the whole is to take half a minute. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final QueueSettings KEEPING = QueueSettings.DEFAULTS.withKeep(Keep.RESULTS);

  private final Terminal terminal;
  private final RedisOptions redis;
  private final Path folder;
  private final Consumer<CheckResult> results;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param folder of this test alone, removed by the caller
   * @param results is told of each check when it is over
   */
  SelfTest(Terminal terminal, RedisOptions redis, Path folder, Consumer<CheckResult> results) {
    this.terminal = terminal;
    this.redis = redis;
    this.folder = folder;
    this.results = results;
  }

  void run() throws InterruptedException {
    check("temporary files", () -> disk(folder));
    check("state folder", this::stateFolder);
    check("shared memory", () -> sharedMemory(Path.of("/dev/shm")));
    check("open files", this::openFiles);
    withOwnRedis();
    check("redis that was named", this::theirs);
    check("tls", () -> new TlsCheck(folder, bytes(16)).run());
  }

  private void check(String name, CheckResult.Check check) throws InterruptedException {
    results.accept(CheckResult.of(name, check));
  }

  private void withOwnRedis() throws InterruptedException {
    PrivateRedis[] own = new PrivateRedis[1];
    try {
      check(
          "redis",
          () -> {
            own[0] = PrivateRedis.builder().appendOnly(true).password(hex(16)).start();
            try (WorkQueue queue = open(own[0])) {
              return queue.admin().server()
                  + " ("
                  + own[0].binary().origin()
                  + "), "
                  + pings(queue);
            }
          });
      check(
          "commands",
          () -> {
            try (WorkQueue queue = open(running(own[0]))) {
              return BagCheck.ofCommands(queue);
            }
          });
      check(
          "killed worker",
          () -> {
            String uri = running(own[0]).uri();
            Path records = Files.createDirectory(folder.resolve("drill"));
            return BagCheck.ofKilledWorkers(records, uri, name(), random.nextInt(1_000_000_000));
          });
    } finally {
      if (own[0] != null) {
        own[0].close();
      }
    }
  }

  private static PrivateRedis running(@Nullable PrivateRedis own) throws SkippedException {
    if (own == null) {
      throw new SkippedException("there is no Redis");
    }
    return own;
  }

  private WorkQueue open(PrivateRedis own) {
    return WorkQueue.open(QueueConfig.of(own.uri(), name()).withSettings(KEEPING));
  }

  /** The one of {@code --redis} or the environment: with a queue of its own, gone afterwards. */
  private String theirs() throws Exception {
    if (!(redis.where(terminal.environment()) instanceof WhereRedis.At at)) {
      throw new SkippedException("no --redis, PIECEWORK_REDIS or REDIS_URL");
    }
    if (redis.timeout.compareTo(PATIENCE) > 0) {
      redis.timeout = PATIENCE;
    }
    try (Connection connection = redis.connect(terminal, name(), KEEPING)) {
      WorkQueue queue = connection.queue();
      return at.uri().shown()
          + (at.uri().tls() ? " over TLS: " : ": ")
          + queue.admin().server()
          + ", "
          + pings(queue)
          + ", "
          + BagCheck.ofCommands(queue);
    }
  }

  private static String pings(WorkQueue queue) {
    long[] nanos = new long[PINGS];
    for (int i = 0; i < PINGS; i++) {
      long begin = System.nanoTime();
      var _ = queue.state();
      nanos[i] = System.nanoTime() - begin;
    }
    java.util.Arrays.sort(nanos);
    return "a call in " + TimeUnit.NANOSECONDS.toMicros(nanos[PINGS / 2]) + " µs";
  }

  private String stateFolder() throws IOException {
    Path state = EmbeddedRedis.stateFolder(terminal.environment());
    Path there = state;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there) || !Files.isWritable(there)) {
      throw new IOException(there + " cannot be written to: name another in XDG_STATE_HOME");
    }
    Path own = Files.createTempDirectory(there, ".piecework-self-test-");
    try {
      return disk(own);
    } finally {
      Files.deleteIfExists(own);
    }
  }

  /** Writes, syncs and reads 1 MiB; nothing of it stays. */
  private String disk(Path where) throws IOException {
    byte[] written = bytes(1 << 20);
    Path file = where.resolve("self-test");
    long begin = System.nanoTime();
    try {
      try (FileChannel out =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        out.write(ByteBuffer.wrap(written));
        out.force(true);
      }
      long millis = (System.nanoTime() - begin) / 1_000_000;
      if (!java.util.Arrays.equals(written, Files.readAllBytes(file))) {
        throw new IOException(where + " gives back other bytes than were written");
      }
      return where.getParent() + ": 1 MiB written and synced in " + millis + " ms";
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private String sharedMemory(Path shm) throws IOException, SkippedException {
    if (!Files.isDirectory(shm)) {
      throw new SkippedException(shm + " is not there; commands get files in the temporary folder");
    }
    if (!Files.isWritable(shm)) {
      throw new SkippedException(shm + " cannot be written to; files go to the temporary folder");
    }
    return shm + ", " + Figures.bytes(Files.getFileStore(shm).getUsableSpace()) + " free";
  }

  private String openFiles() throws IOException, SkippedException {
    Path limits = Path.of("/proc/self/limits");
    if (!Files.isReadable(limits)) {
      throw new SkippedException("no " + limits + " here");
    }
    for (String line : Files.readAllLines(limits)) {
      if (line.startsWith("Max open files")) {
        String soft = line.split(" {2,}", -1)[1];
        if (!soft.equals("unlimited") && Long.parseLong(soft) < FEW_FILES) {
          throw new IOException(soft + " at most: ulimit -n " + (4 * FEW_FILES) + " is enough");
        }
        return soft + " at most";
      }
    }
    throw new SkippedException(limits + " does not say");
  }

  private String name() {
    return "self-test-" + hex(6);
  }

  private String hex(int length) {
    return HexFormat.of().formatHex(bytes(length));
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
