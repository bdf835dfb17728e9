package dev.piecework.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** What the tests of real servers share. */
final class Servers {
  private Servers() {}

  /** The system's server, if there is one, the bundled one, and the oldest that is supported. */
  static Stream<RedisBinary> binaries() {
    return Stream.of(RedisBinary.find(), RedisBinary.bundled(), oldest()).distinct();
  }

  static RedisBinary oldest() {
    return RedisBinary.unpacked(
        "/redis-server-6.2.6-v5-linux-amd64", // the name says 6.2.6, the program itself 6.2.11
        "1f716094e08a25faee2bc7626feb9e13464ed89018ac5c376c5e9cff06bdcf52",
        9_701_528);
  }

  static RespConnection connect(EmbeddedRedis.Use use) throws IOException {
    return connect(use.uri());
  }

  static RespConnection connect(String uri) throws IOException {
    URI parsed = URI.create(uri);
    String user = parsed.getUserInfo();
    String password = user == null ? "" : user.substring(user.indexOf(':') + 1);
    return new RespConnection(parsed.getPort(), password, Duration.ofSeconds(30));
  }

  static String call(EmbeddedRedis.Use use, String... words) throws IOException {
    try (RespConnection redis = connect(use)) {
      return redis.call(words);
    }
  }

  /** The bytes of the reply to one line, whatever its type. */
  static String raw(EmbeddedRedis.Use use, String line) throws IOException {
    String password = URI.create(use.uri()).getUserInfo().replaceFirst("^[^:]*:", "");
    try (Socket socket = new Socket(RespConnection.loopback(), use.port())) {
      String lines = "AUTH " + password + "\r\n" + line + "\r\nQUIT\r\n";
      socket.getOutputStream().write(lines.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The processes of this state folder: its guard, what that waits with, its server. */
  static List<ProcessHandle> processes(Path folder) {
    return ProcessHandle.allProcesses().filter(process -> worksIn(process, folder)).toList();
  }

  private static boolean worksIn(ProcessHandle process, Path folder) {
    try {
      Path cwd = Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"));
      // So Linux marks a folder that was removed under a process.
      return Path.of(cwd.toString().replace(" (deleted)", "")).startsWith(folder);
    } catch (IOException e) {
      return false; // gone, or not ours
    }
  }

  static void awaitNoProcess(Path folder) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(processes(folder)).isEmpty());
  }

  static ServerState state(Path folder) throws IOException {
    return ServerState.read(new StateFolder(folder)).orElseThrow();
  }

  static long serverPid(EmbeddedRedis.Use use) throws IOException {
    return call(use, "INFO", "server")
        .lines()
        .filter(line -> line.startsWith("process_id:"))
        .mapToLong(line -> Long.parseLong(line.substring(11).strip()))
        .findFirst()
        .orElseThrow();
  }

  static void kill(long pid) {
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    process.destroyForcibly();
    Awaitility.await().until(() -> !KnownProcess.of(pid).isAlive());
  }

  /** The file that the server appends to. */
  static Path appendOnlyFile(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
      return files
          .filter(file -> file.toString().endsWith(".aof"))
          .max(java.util.Comparator.comparing(Path::toString))
          .orElseThrow();
    }
  }
}
