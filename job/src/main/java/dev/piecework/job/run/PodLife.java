package dev.piecework.job.run;

import dev.piecework.job.policy.Pod;
import dev.piecework.job.policy.RestartBackoff;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pod as the kubelet drives it: which container begins, begins again or ends when. Knows no
 * processes and no clock; {@link #advance} is to be called after each change and at {@link #wake}.
 */
final class PodLife {
  private final Containers.Created identity;
  private final PodPlan plan;
  private final Containers containers;
  private final Instant created;
  private final List<Life> lives = new ArrayList<>();

  private Pod.Phase phase = Pod.Phase.PENDING;
  private @Nullable Instant readySince;
  private @Nullable Instant finished;
  private @Nullable Instant deleted;
  private @Nullable Instant sidecarsEnding;
  private boolean expired;
  private boolean disrupted;
  private boolean counted;
  private @Nullable Instant wake;

  /** A container's state. */
  private static final class Life {
    final PodPlan.Member member;
    boolean running;
    boolean done;
    boolean told;
    boolean killed;
    boolean everRan;
    int starts;
    int crashes;
    int code;
    Instant since;

    Life(PodPlan.Member member, Instant now) {
      this.member = member;
      since = now;
    }
  }

  PodLife(Containers.Created identity, PodPlan plan, Containers containers, Instant now) {
    this.identity = identity;
    this.plan = plan;
    this.containers = containers;
    created = now;
    plan.containers().forEach(member -> lives.add(new Life(member, now)));
  }

  Pod view() {
    List<Pod.Exit> exits = new ArrayList<>();
    lives.stream()
        .filter(l -> l.done && l.member.part() == PodPlan.Part.MAIN)
        .forEach(l -> exits.add(new Pod.Exit(l.member.name(), l.code)));
    lives.stream()
        .filter(l -> l.done && l.member.part() != PodPlan.Part.MAIN)
        .forEach(l -> exits.add(new Pod.Exit(l.member.name(), l.code)));
    return new Pod(
        identity.name(),
        identity.index(),
        phase,
        created,
        readySince,
        finished,
        deleted,
        disrupted,
        counted,
        restarts(),
        exits,
        identity.failures());
  }

  int restarts() {
    return lives.stream().mapToInt(l -> Math.max(0, l.starts - 1)).sum();
  }

  boolean isOver() {
    return finished != null;
  }

  boolean isCounted() {
    return counted;
  }

  void count() {
    counted = true;
  }

  void delete(Instant now, boolean byDisruption) {
    if (deleted == null && finished == null) {
      deleted = now;
      disrupted = byDisruption;
    }
  }

  /** SIGKILL at once to what is still ending. */
  void hurry() {
    lives.forEach(this::kill);
  }

  void exited(int container, int code, Instant now) {
    Life life = lives.get(container);
    if (!life.running) {
      return;
    }
    life.running = false;
    life.done = true;
    life.code = code;
    if (RestartBackoff.forgets(Duration.between(life.since, now))) {
      life.crashes = 0;
    }
    life.since = now;
    readySince = null;
  }

  /** When to look again although nothing happens. */
  @Nullable Instant wake() {
    return wake;
  }

  /** Whether the pod is over now, and was not before. */
  boolean advance(Instant now) {
    wake = null;
    if (finished != null) {
      return false;
    }
    Instant deadline = deadline();
    if (deleted == null && sidecarsEnding == null && deadline != null) {
      expired = !deadline.isAfter(now);
      if (!expired) {
        wakeAt(deadline);
      }
    }
    if (expired && deadline != null) {
      end(deadline, now);
    } else if (deleted != null) {
      end(deleted, now);
    } else if (runInits(now)) {
      runMains(now);
    }
    return finished != null;
  }

  /**
   * activeDeadlineSeconds of the pod: it ends as by a deletion, and has failed whatever it says.
   */
  private @Nullable Instant deadline() {
    return plan.activeDeadline() == null ? null : created.plus(plan.activeDeadline());
  }

  /** Whether all have ended, or been started if they are sidecars. */
  private boolean runInits(Instant now) {
    for (int i = 0; i < lives.size(); i++) {
      Life life = lives.get(i);
      switch (life.member.part()) {
        case MAIN -> {}
        case SIDECAR -> {
          if (!life.running && sidecarsEnding == null) {
            restart(i, now);
          }
          if (!life.everRan) {
            return false;
          }
        }
        case INIT -> {
          if (life.done && life.code == 0) {
            continue;
          }
          if (life.done && !plan.restartOnFailure()) {
            end(sidecarsEnding == null ? now : sidecarsEnding, now);
            return false;
          }
          if (!life.running) {
            restart(i, now);
          }
          return false;
        }
      }
    }
    return true;
  }

  private void runMains(Instant now) {
    boolean allRun = true;
    boolean allOver = true;
    for (int i = 0; i < lives.size(); i++) {
      Life life = lives.get(i);
      if (life.member.part() != PodPlan.Part.MAIN) {
        continue;
      }
      boolean over = life.done && (life.code == 0 || !plan.restartOnFailure());
      if (!life.running && !over) {
        restart(i, now);
      }
      allRun &= life.running;
      allOver &= over;
    }
    phase = Pod.Phase.RUNNING;
    if (allRun && readySince == null) {
      readySince = now;
    }
    if (allOver) {
      end(sidecarsEnding == null ? now : sidecarsEnding, now);
    }
  }

  /** Begins a container if it is time to. */
  private void restart(int container, Instant now) {
    Life life = lives.get(container);
    if (life.done) {
      Instant due = RestartBackoff.until(life.crashes, life.since);
      if (due.isAfter(now)) {
        wakeAt(due);
        return;
      }
      life.crashes++;
    }
    if (phase == Pod.Phase.PENDING && life.member.part() == PodPlan.Part.MAIN) {
      phase = Pod.Phase.RUNNING;
    }
    life.done = false;
    life.running = true;
    life.everRan = true;
    life.since = now;
    containers.start(identity.name(), container, life.starts++);
  }

  /** Ends what runs: first all but the sidecars, then those; kills what is not gone in time. */
  private void end(Instant since, Instant now) {
    readySince = null;
    sidecarsEnding = since;
    boolean others = lives.stream().anyMatch(l -> l.running && !isSidecar(l));
    lives.stream()
        .filter(l -> l.running && !l.told && (!others || !isSidecar(l)))
        .forEach(l -> {
          l.told = true;
          containers.terminate(identity.name(), lives.indexOf(l));
        });
    if (lives.stream().anyMatch(l -> l.running)) {
      Instant limit = since.plus(plan.grace());
      if (limit.isAfter(now)) {
        wakeAt(limit);
      } else {
        lives.forEach(this::kill);
      }
      return;
    }
    finished = now;
    boolean succeeded =
        lives.stream()
            .filter(l -> l.member.part() == PodPlan.Part.MAIN)
            .allMatch(l -> l.done && l.code == 0);
    phase = succeeded && !expired ? Pod.Phase.SUCCEEDED : Pod.Phase.FAILED;
    containers.over(identity.name());
  }

  private void kill(Life life) {
    if (life.running && !life.killed) {
      life.killed = true;
      containers.kill(identity.name(), lives.indexOf(life));
    }
  }

  private static boolean isSidecar(Life life) {
    return life.member.part() == PodPlan.Part.SIDECAR;
  }

  private void wakeAt(Instant when) {
    if (wake == null || when.isBefore(wake)) {
      wake = when;
    }
  }
}
