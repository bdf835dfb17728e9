package dev.piecework.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.QueueState;
import dev.piecework.QueueStatus;
import dev.piecework.QueueStatus.PartitionView;
import dev.piecework.Result;
import dev.piecework.WorkQueue;
import dev.piecework.testkit.CrashableProcess;
import dev.piecework.testkit.TestCluster;
import dev.piecework.testkit.TestRedis;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Sixteen partitions on a real Cluster of six nodes, with processes that are killed: producers,
 * workers, and a master while they work.
 */
@Tag("slow")
@Tag("process")
@Tag("cluster")
class PartitionsOnClusterTest {

  private static final int EACH = 6_000;

  private final TestCluster cluster = TestCluster.ofSix();
  private final List<CrashableProcess> processes = new ArrayList<>();

  @AfterEach
  void end() {
    processes.forEach(CrashableProcess::close);
    cluster.close();
  }

  private CrashableProcess start(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.add(1, cluster.uri());
    all.add(2, "bag");
    CrashableProcess process =
        CrashableProcess.java(PartitionedProcess.class, all.toArray(String[]::new)).start();
    processes.add(process);
    return process;
  }

  private CrashableProcess fill(String source) {
    return start("fill", source, Integer.toString(EACH));
  }

  @Test
  void eachItemIsDoneOnceThoughProducersWorkersAndAMasterDie() {
    CrashableProcess early = start("work"); // before there is anything
    CrashableProcess one = fill("one");
    CrashableProcess doomed = fill("two");
    doomed.awaitLine("open");
    doomed.kill();
    one.awaitLine(line -> line.startsWith("filled"));
    early.awaitLine("done 500");
    early.kill();
    doomed.awaitExit();
    CrashableProcess two = fill("two");
    two.awaitLine(line -> line.startsWith("filled"));

    List<CrashableProcess> workers;
    try (WorkQueue queue = PartitionedProcess.open(cluster.uri(), "bag")) {
      queue.admin().pause("until both are open"); // else the first may do nearly all alone
      workers = List.of(start("work"), start("work"));
      workers.forEach(worker -> worker.awaitLine("open"));
      queue.admin().resume();
    }
    cluster.awaitCopies(); // else the failover undoes a fill or the resume: it is never drained
    workers.forEach(worker -> worker.awaitLine("done 500"));
    TestRedis master = cluster.nodes().getFirst();
    cluster.killMaster(master);
    workers.get(1).awaitLine("done 1000");
    workers.get(1).kill();
    CrashableProcess last = start("work");

    for (CrashableProcess worker : List.of(workers.getFirst(), last)) {
      assertThat(worker.awaitExit()).as(String.join("\n", worker.errors())).isZero();
      assertThat(worker.lines()).anyMatch(line -> line.startsWith("end Drained"));
    }
    try (WorkQueue queue = PartitionedProcess.open(cluster.nodes().getLast().uri(), "bag")) {
      assertThat(queue.state()).isInstanceOf(QueueState.Drained.class);
      QueueStatus status = queue.admin().status();
      assertThat(status.counts().done()).isEqualTo(2 * EACH);
      assertThat(status.counts().total()).isEqualTo(2 * EACH);
      assertThat(status.partitions())
          .hasSize(16)
          .extracting(PartitionView::counts)
          .allMatch(counts -> counts.done() == 2 * EACH / 16);
      Set<String> payloads = new HashSet<>();
      Set<String> ids = new HashSet<>();
      List<Result> results = queue.results().toList();
      results.forEach(result -> {
        payloads.add(new String(result.result(), UTF_8));
        ids.add(result.id());
      });
      assertThat(results).hasSize(2 * EACH);
      assertThat(payloads).hasSize(2 * EACH);
      assertThat(ids).hasSize(2 * EACH).contains("0-1", "15-1");
    }
  }
}
