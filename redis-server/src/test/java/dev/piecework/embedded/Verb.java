package dev.piecework.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A process that uses the shared Redis, as a verb of the command line would. */
final class Verb implements AutoCloseable {
  private final Process process;
  private final BufferedReader lines;

  private Verb(Process process) {
    this.process = process;
    this.lines = process.inputReader(StandardCharsets.UTF_8);
  }

  static Verb start(RedisBinary binary, Path folder, Duration idle, String... what)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Verb.class.getName()));
    command.addAll(List.of(folder.toString(), Long.toString(idle.toMillis())));
    command.addAll(List.of(what));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put(RedisBinary.VARIABLE, binary.path().toString());
    return new Verb(builder.start());
  }

  String awaitLine() throws IOException {
    String line = lines.readLine();
    return line == null ? "(ended without a line)" : line;
  }

  void writeLine() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  int awaitExit() throws IOException, InterruptedException {
    process.getOutputStream().close();
    return process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    Duration idle = Duration.ofMillis(Long.parseLong(args[1]));
    if (args[2].equals("hold")) {
      EmbeddedRedis.join(folder, idle, Verb::say);
      System.out.println("holding");
      Thread.currentThread().join();
    } else if (args[2].equals("private")) {
      System.out.println(PrivateRedis.builder().folder(folder).start().pid());
      Thread.currentThread().join();
    } else if (args[2].equals("private with a temporary folder")) {
      System.out.println(PrivateRedis.builder().appendOnly(true).start().folder());
      Thread.currentThread().join();
    } else {
      waves(folder, idle, Integer.parseInt(args[3]));
    }
  }

  private static void say(String notice) {
    System.err.println(notice);
  }

  /** At each line of input so many at once; answers with the ports of the servers they met. */
  private static void waves(Path folder, Duration idle, int atOnce) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(atOnce);
        Scanner in = new Scanner(System.in, StandardCharsets.UTF_8)) {
      while (in.hasNextLine()) {
        in.nextLine();
        List<Future<Integer>> verbs = new ArrayList<>();
        for (int i = 0; i < atOnce; i++) {
          verbs.add(threads.submit(() -> use(folder, idle)));
        }
        Set<Integer> ports = new TreeSet<>();
        for (Future<Integer> verb : verbs) {
          ports.add(verb.get());
        }
        System.out.println(ports);
      }
    }
  }

  private static int use(Path folder, Duration idle) throws IOException {
    try (EmbeddedRedis.Use use = EmbeddedRedis.join(folder, idle, Verb::say);
        RespConnection redis = Servers.connect(use)) {
      redis.call("INCR", "joins");
      return use.port();
    }
  }
}
