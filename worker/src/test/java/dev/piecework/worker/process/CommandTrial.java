package dev.piecework.worker.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.worker.Outcome;
import dev.piecework.worker.SlotLoop;
import dev.piecework.worker.internal.spawn.Scratch;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A command, a batch or a child on items in memory, and what is left when it has ended. */
public final class CommandTrial {

  private CommandTrial() {}

  public static int descriptors() {
    String[] all = new File("/proc/self/fd").list();
    return all == null ? 0 : all.length;
  }

  /** Those of this JVM: the lock of anyone else's is theirs. */
  public static List<String> scratchFolders() throws Exception {
    List<String> mine = new ArrayList<>();
    for (Path place : Scratch.places()) {
      try (var found = Files.newDirectoryStream(place, "piecework-cmd-*")) {
        for (Path one : found) {
          if (Scratch.isOwn(one)) {
            mine.add(one.toString());
          }
        }
      }
    }
    return mine;
  }

  public static void assertGone(Path pids, int count) throws Exception {
    List<String> all = Files.readAllLines(pids);
    assertThat(all).hasSize(count);
    for (String pid : all) {
      // A killed orphan is a zombie until init has waited for it.
      await()
          .until(() -> ProcessHandle.of(Long.parseLong(pid)).filter(CommandTrial::runs).isEmpty());
    }
  }

  public static boolean runs(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
    } catch (IOException e) {
      return false;
    }
  }

  public static List<byte[]> bytes(String... texts) {
    return List.of(texts).stream().map(t -> t.getBytes(UTF_8)).toList();
  }

  public static String result(FakeSupply supply, String id) {
    Outcome outcome = supply.outcomes().get(id);
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    byte[] result = ((Outcome.Done) Objects.requireNonNull(outcome)).result();
    return result == null ? "" : new String(result, UTF_8);
  }

  public static CommandConfig config(CommandTemplate command) {
    return CommandConfig.of(command, "jobs");
  }

  public static FakeSupply run(CommandTemplate command, List<byte[]> payloads) throws Exception {
    return run(new CommandLoop(config(command)), payloads);
  }

  public static FakeSupply run(SlotLoop loop, List<byte[]> payloads) throws Exception {
    FakeSupply supply = new FakeSupply(payloads);
    loop.run(0, supply);
    return supply;
  }
}
