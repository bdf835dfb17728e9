package dev.piecework.cli.kube;

import dev.piecework.PieceworkException;
import dev.piecework.QueueStatus;
import dev.piecework.WorkQueue;
import dev.piecework.cli.backend.BagOfWork;
import dev.piecework.cli.backend.RedisAccess;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.output.Json;
import dev.piecework.cli.output.OutputOption;
import dev.piecework.cli.output.StatusJson;
import dev.piecework.cli.output.StatusText;
import dev.piecework.cli.queue.SettingsOptions;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.job.policy.JobEvent;
import dev.piecework.job.report.JobDescription;
import dev.piecework.journal.Journal;
import dev.piecework.kubernetes.cluster.Cluster;
import dev.piecework.kubernetes.cluster.ClusterException;
import dev.piecework.kubernetes.cluster.Workload;
import dev.piecework.kubernetes.cluster.Workload.Happened;
import dev.piecework.kubernetes.cluster.WorkloadView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JsonGenerator;

@Command(
    footer = {
      "",
      "Exits 4 when the queue could not be asked; what the cluster says is printed all the same.",
      "",
      "Example:",
      "  piecework kube describe job2"
    })
public final class KubeDescribeVerb extends KubeVerb {

  @Mixin OutputOption output = new OutputOption();
  @Mixin QueueOfJobOption queue = new QueueOfJobOption();

  @Option(
      names = "--redis-timeout",
      paramLabel = "5s",
      description = "How long Redis may take to answer.")
  Duration timeout = Duration.ofSeconds(5);

  private final InstantSource clock = InstantSource.system();

  @Override
  ExitCode run(Terminal terminal, Cluster cluster) {
    Workload workload = workload(cluster);
    WorkloadView view = workload.view().orElseThrow();
    BagOfWork bag = KubeBag.of(view);
    boolean known = queue.name != null || bag.queue() != null;
    Reading read = null;
    String trouble = known ? null : "nothing on it says which queue it is for (-q QUEUE)";
    if (known) {
      try {
        read = ask(cluster, view, bag.onQueue(queue.name, name));
      } catch (PieceworkException | ClusterException | Refusal no) {
        trouble = Printable.line(String.valueOf(no.getMessage()), 300);
      }
    }
    if (output.json()) {
      printJson(terminal, workload, read, trouble);
    } else {
      print(terminal, workload, read, trouble);
    }
    if (read == null && known) {
      terminal.flush();
      throw new Refusal(ExitCode.NO_REDIS, "the queue could not be asked: " + trouble);
    }
    return ExitCode.DONE;
  }

  private record Reading(QueueStatus status, Journal journal) {}

  private Reading ask(Cluster cluster, WorkloadView view, BagOfWork bag) {
    String named = String.valueOf(bag.queue());
    try (KubeRedis redis =
            KubeRedis.at(cluster, KubeRedis.inside(cluster, view), options.redisFromHere);
        WorkQueue open =
            redis.open(named, bag.options(), timeout, SettingsOptions.OURS, RedisAccess.NOBODY)) {
      return new Reading(open.admin().status(), open.admin().journal());
    }
  }

  private void print(
      Terminal terminal, Workload workload, @Nullable Reading read, @Nullable String why) {
    Instant now = clock.instant();
    var events =
        workload.events().stream()
            .map(event -> new JobDescription.Seen(said(event, now), event.from()))
            .toList();
    terminal.print(JobDescription.of(workload.document(), events, now).stripTrailing());
    if (read == null) {
      terminal.print("Queue:            <unknown>: " + why);
      return;
    }
    terminal.print("Queue:");
    String end = read.status().pace().eta().map(eta -> "ETA " + Figures.time(eta)).orElse("");
    StatusText.lines(read.status(), read.journal(), end)
        .forEach(line -> terminal.print("  " + line));
  }

  private static JobEvent said(Happened event, Instant now) {
    Instant at = event.at();
    return new JobEvent(at == null ? now : at, event.warning(), event.reason(), event.message());
  }

  private static void printJson(
      Terminal terminal, Workload workload, @Nullable Reading read, @Nullable String why) {
    List<Happened> events = workload.events();
    String document = workload.json();
    terminal.print(
        Json.object(json -> {
          json.writeName("job");
          json.writeRawValue(document);
          json.writeArrayPropertyStart("events");
          events.forEach(event -> write(json, event));
          json.writeEndArray();
          if (read == null) {
            json.writeNullProperty("queue");
            Json.text(json, "queueTrouble", why);
          } else {
            json.writeObjectPropertyStart("queue");
            StatusJson.write(json, read.status());
            json.writeEndObject();
          }
        }));
  }

  private static void write(JsonGenerator json, Happened event) {
    json.writeStartObject();
    Json.text(json, "at", event.at());
    json.writeStringProperty("type", event.warning() ? "Warning" : "Normal");
    json.writeStringProperty("reason", event.reason());
    json.writeStringProperty("from", event.from());
    json.writeStringProperty("message", event.message());
    json.writeEndObject();
  }
}
