package dev.piecework.cli.run;

import dev.piecework.cli.output.Json;
import dev.piecework.cli.verb.Printable;
import dev.piecework.drill.DrillReport;
import dev.piecework.drill.Phase;
import dev.piecework.drill.check.Promise;
import dev.piecework.drill.check.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a drill did and found, for people and for programs. */
final class DrillText {

  private DrillText() {}

  static String text(DrillReport report, @Nullable Path kept) {
    StringBuilder text = new StringBuilder();
    report.injectedByKind().forEach((kind, phases) -> line(text, "struck", injected(kind, phases)));
    Verdict.Figures figures = report.verdict().figures();
    line(
        text,
        "items",
        String.format(
            Locale.ROOT,
            "%,d filled, %,d done, %,d dead; %,d leases, %,d of them lost with their worker",
            figures.items(),
            figures.done(),
            figures.dead(),
            figures.leases(),
            figures.lost()));
    line(
        text,
        "history",
        String.format(
            Locale.ROOT,
            "%,d calls, %,d of them with an outcome that their client never learnt",
            figures.operations(),
            figures.unknown()));
    report
        .recoveries()
        .forEach((what, times) ->
            line(
                text,
                "recovery",
                String.format(
                    Locale.ROOT,
                    "%s: %s at most, %s in the middle",
                    what,
                    seconds(most(times)),
                    seconds(middle(times)))));
    if (!report.course().drained()) {
      line(text, "NOT DRAINED", "when the faults were over, the rest was not done");
    }
    report
        .verdict()
        .violations()
        .forEach(v -> line(text, "BROKEN", Printable.line(v.toString(), 2_000)));
    if (kept != null) {
      line(text, "records", String.format(Locale.ROOT, "%s", kept));
    }
    line(
        text,
        "verdict",
        report.passed()
            ? "passed: "
                + Arrays.stream(Promise.values())
                    .map(Promise::text)
                    .collect(Collectors.joining(", "))
            : "FAILED; again with --seed " + report.plan().seed());
    return text.toString().stripTrailing();
  }

  private static void line(StringBuilder text, String word, String said) {
    text.append(String.format(Locale.ROOT, "%-9s %s%n", word, said));
  }

  private static String injected(String kind, Map<Phase, Integer> phases) {
    int all = phases.values().stream().mapToInt(Integer::intValue).sum();
    return String.format(
        Locale.ROOT,
        "%s: %d (filling %d, middle %d, last items %d)",
        kind,
        all,
        phases.getOrDefault(Phase.FILLING, 0),
        phases.getOrDefault(Phase.MIDDLE, 0),
        phases.getOrDefault(Phase.LAST_ITEMS, 0));
  }

  static String json(DrillReport report, @Nullable Path kept) {
    Verdict.Figures figures = report.verdict().figures();
    return Json.object(json -> {
      json.writeBooleanProperty("passed", report.passed());
      json.writeNumberProperty("seed", report.plan().seed());
      json.writeBooleanProperty("drained", report.course().drained());
      Json.seconds(json, "seconds", report.course().took());
      json.writeNumberProperty("items", figures.items());
      json.writeNumberProperty("done", figures.done());
      json.writeNumberProperty("dead", figures.dead());
      json.writeNumberProperty("leases", figures.leases());
      json.writeNumberProperty("lost", figures.lost());
      json.writeNumberProperty("calls", figures.operations());
      json.writeNumberProperty("unknown", figures.unknown());
      json.writeObjectPropertyStart("struck");
      report
          .injectedByKind()
          .forEach((kind, phases) -> {
            json.writeObjectPropertyStart(kind);
            for (Phase phase : Phase.values()) {
              json.writeNumberProperty(
                  phase.name().toLowerCase(Locale.ROOT), phases.getOrDefault(phase, 0));
            }
            json.writeEndObject();
          });
      json.writeEndObject();
      json.writeObjectPropertyStart("recovery");
      report.recoveries().forEach((what, times) -> Json.seconds(json, what, most(times)));
      json.writeEndObject();
      json.writeArrayPropertyStart("broken");
      report.verdict().violations().forEach(v -> json.writeString(v.toString()));
      json.writeEndArray();
      Json.text(json, "records", kept);
    });
  }

  private static Duration most(List<Duration> times) {
    return times.stream().max(Duration::compareTo).orElse(Duration.ZERO);
  }

  private static Duration middle(List<Duration> times) {
    return times.stream().sorted().toList().get(times.size() / 2);
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }
}
