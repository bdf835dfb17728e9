package dev.piecework.drill.campaign;

import dev.piecework.drill.Fault;
import dev.piecework.drill.FaultContext;
import dev.piecework.drill.FreezeWorker;
import dev.piecework.drill.KillProducer;
import dev.piecework.drill.KillRedis;
import dev.piecework.drill.KillWorker;
import dev.piecework.drill.Place;
import dev.piecework.embedded.PrivateRedis;
import dev.piecework.embedded.RedisBinary;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** One Redis with an append-only file, reached by wires that can be broken. */
final class OneRedis implements TestEnvironment {

  private static final String LATE = "clock hours off";
  private static final String REWRITE = "auto-aof-rewrite-percentage";

  private final String fsync;
  private final Path folder;
  private final PrivateRedis redis;
  private final Wires wires;
  private final Duration mayLose;
  private volatile int hoursOff;
  private volatile boolean diskIsFull;

  /** With {@code appendfsync always} or {@code everysec}. */
  OneRedis(String fsync) throws IOException {
    this.fsync = fsync;
    // A write is held back for 2 s at most, and for 2 s more where the disk is full meanwhile.
    this.mayLose = fsync.equals("always") ? Duration.ZERO : Duration.ofSeconds(4);
    this.folder = Files.createTempDirectory("piecework-campaign-");
    this.redis =
        PrivateRedis.builder()
            .binary(bearingAFullDisk(folder))
            .folder(folder.resolve("redis"))
            .appendOnly(true)
            .config("appendfsync", fsync)
            .start();
    this.wires = new Wires(redis.port());
  }

  // A file that may not grow is a signal first, and an error only to those who ignore that. The
  // name is passed on: under another one the program checks files.
  private static RedisBinary bearingAFullDisk(Path folder) throws IOException {
    Path script =
        Files.createFile(
            folder.resolve("redis-server"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(
        script,
        "#!/bin/bash\ntrap '' XFSZ\nexec -a \"$0\" '" + RedisBinary.find().path() + "' \"$@\"\n");
    return new RedisBinary(script, "the campaign");
  }

  @Override
  public String name() {
    return fsync;
  }

  @Override
  public Place place(String who) {
    return Place.at(who.equals("watcher") ? redis.uri() : wires.uriFor(who));
  }

  @Override
  public List<String> command(String who, List<String> java) {
    int hours = hoursOff;
    if (hours == 0 || !who.startsWith("worker")) {
      return java;
    }
    hoursOff = 0;
    List<String> command = new ArrayList<>();
    command.addAll(List.of("env", "LD_PRELOAD=" + faketime(), "DONT_FAKE_MONOTONIC=1"));
    command.addAll(
        List.of("FAKETIME_DONT_FAKE_MONOTONIC=1", String.format("FAKETIME=%+dh", hours)));
    command.add("FAKETIME_FORCE_MONOTONIC_FIX=0"); // with it each wait of the JVM spins
    command.addAll(java);
    return command;
  }

  private static Path faketime() {
    try (Stream<Path> found =
        Files.find(
            Path.of("/usr/lib"), 4, (path, is) -> path.endsWith("faketime/libfaketime.so.1"))) {
      return found.findFirst().orElseThrow(() -> new IllegalStateException("no libfaketime here"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public double paceMillis() {
    return 350;
  }

  @Override
  public List<Fault> faults() {
    List<Fault> faults = new ArrayList<>(wires.faults());
    faults.add(new KillWorker());
    faults.add(new FreezeWorker());
    faults.add(new KillProducer());
    faults.add(killRedis());
    faults.add(
        new NamedFault(
            "torn tail of the append-only file", context -> !diskIsFull, this::tearTail));
    faults.add(NamedFault.of("scripts flushed", context -> admin(context, Jedis::scriptFlush)));
    faults.add(NamedFault.of("memory full", this::fillMemory));
    faults.add(new NamedFault(LATE, FaultContext::hasWorker, this::shiftClock));
    // What no other environment can show comes twice as often.
    faults.add(killRedis());
    if (fsync.equals("everysec")) { // with always Redis ends itself on a full disk
      faults.add(diskFull());
      faults.add(diskFull());
    }
    return faults;
  }

  @Override
  public List<Fault> deaths() {
    return List.of(new KillWorker(), killRedis());
  }

  private Fault diskFull() {
    return new NamedFault("disk full", context -> !diskIsFull, this::fillDisk);
  }

  private Fault killRedis() {
    return new KillRedis(redis, "Redis killed, appendfsync " + fsync, mayLose);
  }

  // What a crash in the middle of a write leaves: a command that nobody was told of.
  private void tearTail(FaultContext context) throws Exception {
    context.injected("redis");
    Runnable over = context.mayUndo(mayLose);
    redis.kill();
    Path file = appendOnlyFile();
    // The kill may have torn it by itself: behind that no crash writes anything.
    if (isWhole(file)) {
      Files.writeString(file, "*3\r\n$3\r\nSET\r\n$4\r\nto", StandardOpenOption.APPEND);
    }
    redis.start();
    over.run();
    context.recovers("torn tail of the append-only file");
  }

  private static boolean isWhole(Path file) throws IOException, InterruptedException {
    return new ProcessBuilder("redis-check-aof", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  private Path appendOnlyFile() throws IOException {
    try (Stream<Path> files = Files.walk(redis.folder())) {
      return files
          .filter(f -> f.toString().endsWith(".aof"))
          .filter(f -> !f.toString().endsWith(".base.aof"))
          .max(java.util.Comparator.comparingLong(f -> f.toFile().lastModified()))
          .orElseThrow();
    }
  }

  private void fillMemory(FaultContext context) {
    admin(context, jedis -> jedis.configSet("maxmemory", "1mb"));
    context.later(
        Duration.ofMillis(300 + context.random().nextInt(1_500)),
        () -> insist(jedis -> jedis.configSet("maxmemory", "0")));
  }

  private void fillDisk(FaultContext context) throws Exception {
    context.injected("redis");
    long pid = redis.pid();
    diskIsFull = true; // whose file may be torn already: nothing writes behind that
    // On a full disk the file cannot be rewritten; behind this limit it could, and Redis would
    // apply twice what it has not written yet (redis/redis pull request 14372).
    insist(jedis -> jedis.configSet(REWRITE, "0"));
    limit(pid, Long.toString(Files.size(appendOnlyFile()) + 100));
    context.later(
        Duration.ofMillis(300 + context.random().nextInt(1_500)),
        () -> {
          limit(pid, "unlimited");
          insist(jedis -> jedis.configSet(REWRITE, "100"));
          diskIsFull = false;
        });
  }

  private static void limit(long pid, String size) {
    try {
      new ProcessBuilder("prlimit", "--pid", Long.toString(pid), "--fsize=" + size + ":unlimited")
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void shiftClock(FaultContext context) {
    hoursOff = (1 + context.random().nextInt(11)) * (context.random().nextBoolean() ? 1 : -1);
    context.anyWorker().ifPresent(context::killWorker); // who comes for it has that clock
  }

  private void admin(FaultContext context, Consumer<Jedis> call) {
    context.injected("redis");
    insist(call);
  }

  private void insist(Consumer<Jedis> call) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (true) {
      try (Jedis jedis = new Jedis(URI.create(redis.uri()))) {
        call.accept(jedis);
        return;
      } catch (JedisException away) {
        if (System.nanoTime() > end) {
          throw away;
        }
      }
    }
  }

  @Override
  public List<String> leftovers() {
    wires.clear();
    List<String> left = new ArrayList<>();
    try (Jedis jedis = new Jedis(URI.create(redis.uri()))) {
      Set<String> keys = jedis.keys("*");
      // What is remembered of a purge for its workers, and of names for a list.
      keys.removeIf(k -> k.endsWith(":runs") || k.equals("piecework:queues"));
      keys.forEach(key -> left.add("key " + key));
      jedis
          .clientList()
          .lines()
          .filter(line -> line.contains("name=piecework"))
          .forEach(line -> left.add("connection " + line));
    }
    return left;
  }

  @Override
  public void close() {
    wires.close();
    redis.close();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
