package dev.piecework.kubernetes.cluster;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Why a pod does not run, or ended as nobody wished.
 *
 * @param key equal for what need not be said twice: a hundred pods want the same image
 * @param line for people
 * @param unexplained the pod whose last line of output may say more; null when there is no need
 */
record Trouble(String key, String line, @Nullable String unexplained) {

  private Trouble(String key, String line) {
    this(key, line, null);
  }

  /**
   * Whether it passes by itself as a rule. The scheduler looks at a pod before its claim is there,
   * and before a new volume is bound to that, and says so of every Redis that is started.
   */
  boolean mayPass() {
    return key.contains("unbound immediate PersistentVolumeClaims") || CLAIM.matcher(key).find();
  }

  private static final Pattern CLAIM =
      Pattern.compile("(?i)persistentvolumeclaims? \"[^\"]*\" not found");

  /** States of waiting that pass by themselves and say nothing. */
  private static final Set<String> HARMLESS = Set.of("ContainerCreating", "PodInitializing");

  private static final Set<String> EVENTS =
      Set.of(
          "FailedCreate",
          "FailedScheduling",
          "FailedMount",
          "FailedAttachVolume",
          "FailedCreatePodSandBox",
          "ProvisioningFailed",
          "FailedBinding",
          "Evicted",
          "Preempted",
          "NodeNotReady");

  private static final int SIGKILL = 137;
  private static final int SIGTERM = 143;

  /** Of one pod. */
  static List<Trouble> of(Pod pod) {
    List<Trouble> found = new ArrayList<>();
    if (pod.getStatus() == null) {
      return found;
    }
    String name = pod.getMetadata().getName();
    if (pod.getStatus().getConditions() != null) {
      for (PodCondition condition : pod.getStatus().getConditions()) {
        Trouble trouble = condition(name, condition);
        if (trouble != null) {
          found.add(trouble);
        }
      }
    }
    statuses(pod).forEach(status -> container(pod, status, found));
    return found;
  }

  private static Stream<ContainerStatus> statuses(Pod pod) {
    var init = pod.getStatus().getInitContainerStatuses();
    var main = pod.getStatus().getContainerStatuses();
    return Stream.concat(
        init == null ? Stream.of() : init.stream(), main == null ? Stream.of() : main.stream());
  }

  private static @Nullable Trouble condition(String pod, PodCondition condition) {
    String message = Explained.oneLine(WorkloadReader.text(condition.getMessage()));
    String reason = WorkloadReader.text(condition.getReason());
    if ("PodScheduled".equals(condition.getType()) && "Unschedulable".equals(reason)) {
      return new Trouble(
          "unschedulable " + message,
          "pod " + pod + " fits on no node (Unschedulable): " + message);
    }
    if ("DisruptionTarget".equals(condition.getType()) && "True".equals(condition.getStatus())) {
      return new Trouble(
          "disrupted " + pod, "pod " + pod + " has to go (" + reason + "): " + message);
    }
    return null;
  }

  private static void container(Pod pod, ContainerStatus status, List<Trouble> found) {
    String name = pod.getMetadata().getName();
    ContainerState now = status.getState();
    if (now != null && now.getWaiting() != null) {
      String reason = WorkloadReader.text(now.getWaiting().getReason());
      if (!reason.isEmpty() && !HARMLESS.contains(reason)) {
        String message = Explained.oneLine(WorkloadReader.text(now.getWaiting().getMessage()));
        boolean image = reason.contains("Image") || reason.equals("ErrRegistryUnavailable");
        boolean crash = reason.equals("CrashLoopBackOff");
        found.add(
            new Trouble(
                // ErrImagePull and ImagePullBackOff take turns.
                image ? "image " + status.getImage() : reason + " " + (crash ? name : message),
                "pod "
                    + name
                    + ": "
                    + reason
                    + (image ? " of " + status.getImage() : "")
                    + (message.isEmpty() ? "" : ": " + message)));
      }
    }
    ended(name, status, now == null ? null : now.getTerminated(), found);
    ContainerState last = status.getLastState();
    ended(name, status, last == null ? null : last.getTerminated(), found);
  }

  private static void ended(
      String pod,
      ContainerStatus status,
      @Nullable ContainerStateTerminated end,
      List<Trouble> found) {
    if (end == null || end.getExitCode() == null || end.getExitCode() == 0) {
      return;
    }
    String reason = WorkloadReader.text(end.getReason());
    boolean memory = reason.equals("OOMKilled");
    // Whoever is killed had no time to say why: these are lines from before.
    boolean killed = memory || end.getExitCode() == SIGKILL;
    String message = killed ? "" : Explained.oneLine(WorkloadReader.text(end.getMessage()));
    // A worker that was told to stop has done as it should.
    if (end.getExitCode() == SIGTERM && !memory) {
      return;
    }
    String what =
        memory
            ? "was killed for want of memory (OOMKilled): give it more with --memory"
            : killed ? "was killed (exit code 137)" : "ended with exit code " + end.getExitCode();
    if (message.contains("exec format error")) {
      what = "cannot start: the image is for another architecture than its node";
    }
    found.add(
        new Trouble(
            "ended " + pod + " " + status.getName() + " " + end.getFinishedAt() + " " + what,
            "pod " + pod + " " + what + (message.isEmpty() ? "" : ": " + message),
            message.isEmpty() && !killed ? pod : null));
  }

  /**
   * Whether an event about a pod is about the state that the pod is in. Events stay for an hour,
   * and what the scheduler has to say of a pod stands in its condition, for as long as it holds.
   */
  static boolean holds(Event event, Pod pod) {
    PodCondition scheduled =
        pod.getStatus() == null || pod.getStatus().getConditions() == null
            ? null
            : pod.getStatus().getConditions().stream()
                .filter(condition -> "PodScheduled".equals(condition.getType()))
                .findFirst()
                .orElse(null);
    if (scheduled == null) {
      return true;
    }
    if ("FailedScheduling".equals(event.getReason())) {
      return false;
    }
    return !isBefore(event, scheduled.getLastTransitionTime());
  }

  /** Whether an event was seen last before a time; not if either is unknown. */
  static boolean isBefore(Event event, @Nullable String time) {
    Instant at = Workload.time(event);
    Instant since = time == null || time.isEmpty() ? null : Workload.parse(time);
    return at != null && since != null && at.isBefore(since.truncatedTo(ChronoUnit.SECONDS));
  }

  /** Of an event about a pod, or about what makes pods; null when it says nothing new. */
  static @Nullable Trouble of(Event event) {
    String reason = WorkloadReader.text(event.getReason());
    if (!"Warning".equals(event.getType()) || !EVENTS.contains(reason)) {
      return null;
    }
    String message = Explained.oneLine(WorkloadReader.text(event.getMessage()));
    var about = event.getInvolvedObject();
    String who =
        about == null
            ? ""
            : about.getKind().toLowerCase(java.util.Locale.ROOT) + " " + about.getName() + ": ";
    // What the scheduler says is in the pod's condition too.
    return reason.equals("FailedScheduling")
        ? new Trouble(
            "unschedulable " + message, who + "fits on no node (FailedScheduling): " + message)
        : new Trouble(
            reason + " " + message.replaceAll("\"[^\"]*\"", "\"\""), who + reason + ": " + message);
  }
}
