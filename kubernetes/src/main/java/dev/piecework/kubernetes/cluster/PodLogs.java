package dev.piecework.kubernetes.cluster;

import dev.piecework.kubernetes.rights.Right;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import io.fabric8.kubernetes.client.dsl.PrettyLoggable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the containers of a group of pods print, each line with the name of its pod. */
public final class PodLogs implements AutoCloseable {

  private static final Pattern STAMPED = Pattern.compile("(\\d{4}-\\d\\d-\\d\\dT\\S+Z) ?(.*)");

  /** How the API server begins a no, where lines of a pod begin with their time. */
  private static final String STATUS = "{\"kind\":\"Status\",";

  private final Cluster cluster;
  private final PodGroup group;
  private final BiConsumer<String, String> line;
  private final Map<String, LogWatch> followed = new ConcurrentHashMap<>();
  private final Map<String, String> readUpTo = new ConcurrentHashMap<>();
  private final Set<String> ended = ConcurrentHashMap.newKeySet();
  private final Map<String, Thread> threads = new ConcurrentHashMap<>();
  private volatile boolean closed;
  private volatile boolean asked;
  private volatile @Nullable ClusterException refusal;

  PodLogs(Cluster cluster, PodGroup group, BiConsumer<String, String> line) {
    this.cluster = cluster;
    this.group = group;
    this.line = line;
  }

  /** Prints what there is now, and comes back. */
  public void printOnce() {
    requirePermission();
    for (Pod pod : group.list()) {
      for (ContainerStatus status : statuses(pod)) {
        if (hasBegun(status)) {
          copy(pod.getMetadata().getName(), "", () -> whole(pod, status, ""));
        }
      }
    }
    requirePermission();
  }

  /**
   * Asks once, for the answer to a stream that is refused looks like one more line of the pod; and
   * tells what was refused all the same.
   */
  private void requirePermission() {
    if (!asked) {
      asked = true;
      cluster.refuse(cluster.missing(List.of(new Right("", "pods/log", "get"))));
    }
    ClusterException no = refusal;
    if (no != null) {
      throw no;
    }
  }

  private @Nullable Reader whole(Pod pod, ContainerStatus status, String since) {
    return cluster.<@Nullable Reader>ask(
        "get",
        "pods/log of " + pod.getMetadata().getName(),
        () -> source(pod, status, since).getLogReader());
  }

  /** Begins to follow containers that have started since the last call. */
  public void follow() {
    requirePermission();
    for (Pod pod : group.list()) {
      for (ContainerStatus status : statuses(pod)) {
        String life = life(pod, status);
        if (hasBegun(status) && !ended.contains(life)) {
          threads.computeIfAbsent(
              life,
              _ -> Thread.ofVirtual().name("log " + life).start(() -> follow(pod, status, life)));
        }
      }
    }
  }

  private void follow(Pod pod, ContainerStatus status, String life) {
    // A container that has ended has nothing to wait for.
    boolean over = status.getState() != null && status.getState().getTerminated() != null;
    if (over) {
      copy(
          pod.getMetadata().getName(),
          life,
          () -> whole(pod, status, readUpTo.getOrDefault(life, "")));
      ended.add(life);
    } else {
      copy(
          pod.getMetadata().getName(),
          life,
          () -> {
            LogWatch watch = source(pod, status, readUpTo.getOrDefault(life, "")).watchLog();
            followed.put(life, watch);
            if (closed) {
              watch.close();
            }
            return new InputStreamReader(watch.getOutput(), StandardCharsets.UTF_8);
          });
      // The connection ended; if the container has not, the next call goes on where this stopped.
    }
    LogWatch watch = followed.remove(life);
    if (watch != null) {
      watch.close();
    }
    threads.remove(life);
  }

  private PrettyLoggable source(Pod pod, ContainerStatus status, String since) {
    var log =
        cluster
            .client()
            .pods()
            .inNamespace(cluster.namespace())
            .withName(pod.getMetadata().getName())
            .inContainer(status.getName())
            .usingTimestamps();
    return since.isEmpty() ? log : log.sinceTime(since);
  }

  private interface Source {
    @Nullable Reader open();
  }

  private void copy(String pod, String life, Source source) {
    try (Reader reader = source.open()) {
      if (reader == null) {
        return;
      }
      BufferedReader lines = new BufferedReader(reader);
      for (String text = lines.readLine(); text != null && !closed; text = lines.readLine()) {
        Matcher stamped = STAMPED.matcher(text);
        if (!stamped.matches() && text.startsWith(STATUS)) {
          refusal =
              new ClusterException(
                  ClusterException.Kind.REFUSED,
                  "the logs of pod " + pod + " are refused: " + Explained.oneLine(text));
          return;
        }
        if (!stamped.matches()) {
          line.accept(pod, text);
          continue;
        }
        // What comes since a second may have been read before.
        String stamp = stamped.group(1);
        if (!life.isEmpty() && stamp.compareTo(readUpTo.getOrDefault(life, "")) <= 0) {
          continue;
        }
        if (!life.isEmpty()) {
          readUpTo.put(life, stamp);
        }
        line.accept(pod, stamped.group(2));
      }
    } catch (ClusterException no) {
      // One that is gone, or away, is seen by the next call.
      refusal = no.kind() == ClusterException.Kind.REFUSED ? no : refusal;
    } catch (IOException | KubernetesClientException broken) {
      // The pod is gone, or the connection; the next call sees which.
    }
  }

  private static String life(Pod pod, ContainerStatus status) {
    return pod.getMetadata().getUid() + "/" + status.getName() + "/" + status.getRestartCount();
  }

  private static Iterable<ContainerStatus> statuses(Pod pod) {
    return pod.getStatus() == null || pod.getStatus().getContainerStatuses() == null
        ? List.of()
        : pod.getStatus().getContainerStatuses();
  }

  private static boolean hasBegun(ContainerStatus status) {
    ContainerState state = status.getState();
    return state != null && (state.getRunning() != null || state.getTerminated() != null);
  }

  /** Whether something is being read. */
  public boolean isReading() {
    return !threads.isEmpty();
  }

  @Override
  public void close() {
    closed = true;
    followed.values().forEach(LogWatch::close);
  }
}
