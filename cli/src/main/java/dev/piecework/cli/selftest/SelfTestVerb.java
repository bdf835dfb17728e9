package dev.piecework.cli.selftest;

import dev.piecework.cli.output.Json;
import dev.piecework.cli.output.OutputOption;
import dev.piecework.cli.redis.RedisOptions;
import dev.piecework.cli.selftest.CheckResult.Outcome;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Signals;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.cli.verb.Verb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    footer = {
      "",
      "Half a minute of checks: disk, limits, a Redis of its own, a bag of real commands, one whose",
      "worker is killed, the Redis of --redis (or REDIS_URL, ...) if there is one, TLS. Paste what it",
      "prints into a bug report: it holds no password. Nothing of it stays, here or in that Redis.",
      "",
      "Exits 0 when no check failed, else 1.",
      "",
      "Example:",
      "  piecework self-test",
      "  piecework self-test -o json --redis redis://redis.example:6379 > self-test.json"
    })
public final class SelfTestVerb extends Verb {

  @Mixin RedisOptions redis = new RedisOptions();
  @Mixin OutputOption output = new OutputOption();

  @Override
  public ExitCode run(Terminal terminal) throws IOException {
    // A URL or file that cannot be is a wrong call, and no finding.
    redis.where(terminal.environment());
    redis.tls();
    Signals.onFirst(Thread.currentThread()::interrupt);
    Map<String, String> facts =
        new MachineFacts(Path.of("/"), terminal.environment(), InstantSource.system()).all();
    facts.replaceAll((name, value) -> Printable.line(value, 400));
    if (!output.json()) {
      facts.forEach(
          (name, value) -> terminal.print(String.format(Locale.ROOT, "%-11s %s", name, value)));
      terminal.print("");
      terminal.flush();
    }
    List<CheckResult> results = new ArrayList<>();
    Path folder = temporary();
    try {
      new SelfTest(
              terminal,
              redis,
              folder,
              result -> {
                results.add(result);
                if (!output.json()) {
                  terminal.print(line(result));
                  terminal.flush();
                }
              })
          .run();
    } catch (InterruptedException told) {
      return ExitCode.INTERRUPTED;
    } finally {
      remove(folder);
    }
    long failed = results.stream().filter(one -> one.outcome() == Outcome.FAILED).count();
    terminal.print(
        output.json() ? json(facts, results) : failed == 0 ? "all is well" : failed + " failed");
    return failed == 0 ? ExitCode.DONE : ExitCode.SELF_TEST_FAILED;
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("piecework-self-test-");
    } catch (IOException no) {
      throw new Refusal(
          ExitCode.CANNOT_WRITE, "no temporary folder can be made: " + no.getMessage(), no);
    }
  }

  private static String line(CheckResult result) {
    return String.format(
        Locale.ROOT, "%-8s %-21s %s", result.outcome().word(), result.name(), result.text());
  }

  private static String json(Map<String, String> facts, List<CheckResult> results) {
    return Json.object(json -> {
      facts.forEach(json::writeStringProperty);
      json.writeArrayPropertyStart("checks");
      for (CheckResult result : results) {
        json.writeStartObject();
        json.writeStringProperty("name", result.name());
        json.writeStringProperty("result", result.outcome().word());
        json.writeStringProperty("text", result.text());
        Json.seconds(json, "seconds", result.took());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeBooleanProperty(
          "passed", results.stream().noneMatch(one -> one.outcome() == Outcome.FAILED));
    });
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
