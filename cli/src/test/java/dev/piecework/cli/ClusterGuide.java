package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * docs/kubernetes.md as somebody types it, from its first line to its last, in one shell on a real
 * cluster with the {@code kubectl} of the PATH; run by {@code ./check --cluster}, see {@link
 * ClusterFlow}. What it takes besides is put into the shell: our launcher, for {@code minikube
 * image load} the command of PIECEWORK_LOAD_IMAGE, and a base of this machine.
 */
class ClusterGuide {

  private static final String SHELL =
      """
      set -eu
      PASSWORD=secret
      piecework() {
        if [ "$1 $2" = 'kube image' ]; then set -- "$@" --base "$BASE"; fi
        "$PIECEWORK" "$@"
      }
      minikube() { shift 2; load "$1"; }
      load() { eval "$LOAD"; }
      trap 'kill $! 2>/dev/null || :' EXIT
      kubectl config view --raw --flatten --minify >kubeconfig
      export KUBECONFIG="$PWD/kubeconfig"
      kubectl config set-context --current --namespace "$NAMESPACE" >/dev/null
      """;

  /** What the page leaves to the reader: a Job of his own, and a password. */
  private static final String JOB =
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: mine}
      spec:
        parallelism: 2
        backoffLimit: 20
        template:
          spec:
            restartPolicy: OnFailure
            securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
            containers:
            - name: c
              image: piecework-worker:local
              args: [work, job2, --, ./worker.sh, "{}"]
              securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
              env:
              - name: REDIS_URL
                valueFrom: {secretKeyRef: {name: job2-redis, key: url}}
      """;

  @RegisterExtension final Piecework piecework = new Piecework();

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  @Test
  void everyCommandOfThePageWorks() throws Exception {
    int port = freePort();
    String typed =
        Guide.of("kubernetes.md").blocks().stream()
            .filter(block -> block.notRun().isEmpty())
            .map(Guide.Block::text)
            .collect(Collectors.joining("\n"))
            .replace("sleep 10", "sleep 1")
            // The page's port may be taken here.
            .replace("service/job2-redis 6379", "service/job2-redis " + port + ":6379")
            .replace("s/@job2-redis/@localhost/", "s/@job2-redis:6379/@localhost:" + port + "/");
    try (RealCluster cluster = new RealCluster(piecework)) {
      piecework.with("NAMESPACE", cluster.namespace());
      piecework.with("BASE", RealCluster.base(piecework));
      piecework.with("LOAD", RealCluster.loading());
      piecework.write("job.yaml", JOB);
      piecework.write("password", "pw\n");
      piecework.write("guide.sh", SHELL + "set -x\n" + typed);
      var ended = RealCluster.end(piecework.startProgram("sh", "guide.sh")).expect(0);
      assertThat(ended.out())
          .contains("statefulset.apps/job2-redis created", "job.batch/job2 condition met")
          .contains("Working on banana")
          .contains("0 Active (0 Ready) / 2 Succeeded / 0 Failed");
      assertThat(ended.err()).contains("drained: 20 done, 0 dead");
    }
  }
}
