package dev.piecework.job.report;

import dev.piecework.job.policy.JobEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Job in the layout of {@code kubectl describe job}. */
public final class JobDescription {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
  private static final int LONGEST_INDEXES = 50;

  private final TabText text = new TabText();

  private JobDescription() {}

  /** The description at this moment, which the ages of the events count from. */
  public static String of(JobDocument job, List<JobEvent> events, Instant now) {
    return of(
        job.document(),
        events.stream().map(event -> new Seen(event, "job-controller")).toList(),
        now);
  }

  /** An event, and who says so. */
  public record Seen(JobEvent event, String from) {}

  /** The description of a Job as an API server returns it. */
  public static String of(Map<String, @Nullable Object> job, List<Seen> events, Instant now) {
    JobDescription description = new JobDescription();
    description.job(job);
    new PodTemplateDescription(description.text)
        .describe(JobDocument.object(JobDocument.object(job, "spec"), "template"));
    description.events(events, now);
    return description.text.toString();
  }

  private void job(Map<String, @Nullable Object> job) {
    Map<String, @Nullable Object> metadata = JobDocument.object(job, "metadata");
    Map<String, @Nullable Object> spec = JobDocument.object(job, "spec");
    Map<String, @Nullable Object> status = JobDocument.object(job, "status");
    boolean indexed = "Indexed".equals(spec.get("completionMode"));
    text.line("Name:\t" + metadata.get("name"));
    text.line("Namespace:\t" + metadata.get("namespace"));
    text.line("Selector:\tbatch.kubernetes.io/controller-uid=" + metadata.get("uid"));
    pairs(text, "Labels:", JobDocument.object(metadata, "labels"), "=");
    Map<String, @Nullable Object> notes =
        new LinkedHashMap<>(JobDocument.object(metadata, "annotations"));
    notes.remove(LAST_APPLIED); // the Job once more, on one line
    pairs(text, "Annotations:", notes, ": ");
    text.line("Parallelism:\t" + spec.get("parallelism"));
    Object completions = spec.get("completions");
    text.line("Completions:\t" + (completions == null ? "<unset>" : completions));
    text.line("Completion Mode:\t" + spec.get("completionMode"));
    text.line("Suspend:\t" + spec.get("suspend"));
    text.line("Backoff Limit:\t" + spec.get("backoffLimit"));
    if (spec.get("ttlSecondsAfterFinished") != null) {
      text.line("TTL Seconds After Finished:\t" + spec.get("ttlSecondsAfterFinished"));
    }
    if (status.get("startTime") instanceof String start) {
      text.line("Start Time:\t" + TIME.format(Instant.parse(start)));
      if (status.get("completionTime") instanceof String end) {
        text.line("Completed At:\t" + TIME.format(Instant.parse(end)));
        Duration took = Duration.between(Instant.parse(start), Instant.parse(end));
        text.line("Duration:\t" + HumanDuration.of(took));
      }
    }
    if (spec.get("activeDeadlineSeconds") != null) {
      text.line("Active Deadline Seconds:\t" + spec.get("activeDeadlineSeconds") + "s");
    }
    text.line(
        "Pods Statuses:\t%s Active (%s Ready) / %s Succeeded / %s Failed"
            .formatted(
                status.getOrDefault("active", 0),
                status.getOrDefault("ready", 0),
                status.getOrDefault("succeeded", 0),
                status.getOrDefault("failed", 0)));
    if (indexed) {
      text.line(
          "Completed Indexes:\t" + shortened(status.getOrDefault("completedIndexes", "<none>")));
    }
  }

  private void events(List<Seen> events, Instant now) {
    if (events.isEmpty()) {
      text.line("Events:\t<none>");
      return;
    }
    text.line("Events:");
    text.line("  Type\tReason\tAge\tFrom\tMessage");
    text.line("  ----\t------\t----\t----\t-------");
    for (Seen seen : events) {
      JobEvent event = seen.event();
      text.line(
          "  %s\t%s\t%s\t%s\t%s"
              .formatted(
                  event.warning() ? "Warning" : "Normal",
                  event.reason(),
                  HumanDuration.of(Duration.between(event.at(), now)),
                  seen.from(),
                  event.message()));
    }
  }

  private static String shortened(@Nullable Object indexes) {
    String all = String.valueOf(indexes);
    if (all.length() <= LONGEST_INDEXES) {
      return all;
    }
    return all.substring(0, all.lastIndexOf(',', LONGEST_INDEXES) + 1) + "...";
  }

  static void pairs(
      TabText text, String title, Map<String, @Nullable Object> pairs, String between) {
    if (pairs.isEmpty()) {
      text.line(title + "\t<none>");
      return;
    }
    String indent = " ".repeat(title.length() - title.stripLeading().length());
    String first = title;
    for (Map.Entry<String, @Nullable Object> pair : pairs.entrySet()) {
      text.line(first + "\t" + pair.getKey() + between + pair.getValue());
      first = indent;
    }
  }
}
