package dev.piecework.cli;

import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.embedded.PrivateRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Goes through the verbs of {@code kube} once, against an API server of its own: what is loaded and
 * linked here is in the start-up cache for all jars. It writes into the current folder.
 */
final class KubeRehearsal {

  private static final String NAMESPACE = "/api/v1/namespaces/rehearsal";
  private static final String JOB = "/apis/batch/v1/namespaces/rehearsal/jobs/rehearsal";

  /** A Redis that is ready, which the pods of the Job are taken for as well. */
  private static final String POD =
      """
      {"apiVersion":"v1","kind":"Pod",
       "metadata":{"name":"rehearsal-redis-0","namespace":"rehearsal","uid":"1"},
       "spec":{"containers":[{"name":"redis","image":"redis"}]},
       "status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}],
        "containerStatuses":[{"name":"redis","ready":true,"restartCount":0,"image":"redis",
         "imageID":"","state":{"running":{}}}]}}
      """;

  private static final String WORK = " -- true {}";
  private static final String SUBMITTED =
      " -q rehearsal --image rehearsal:1 -p 2 --with-redis" + WORK;

  private final Terminal terminal;

  KubeRehearsal(Terminal terminal) {
    this.terminal = terminal;
  }

  /**
   * @return {@link ExitCode#DONE}, or the first code that was not the expected one
   */
  ExitCode perform() throws IOException {
    Path input = Files.writeString(Path.of("items"), "1\n2\n3\n");
    Path kubeconfig = Path.of("kubeconfig");
    try (RehearsedApiServer server = new RehearsedApiServer();
        PrivateRedis redis = PrivateRedis.builder().appendOnly(true).start()) {
      Files.writeString(kubeconfig, kubeconfig(server.url()));
      server.put(
          NAMESPACE,
          "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"rehearsal\"}}");
      server.put(NAMESPACE + "/pods/rehearsal-redis-0", POD);
      String where = " --kubeconfig " + kubeconfig + " --redis-from-here " + redis.uri();
      for (Step step :
          List.of(
              new Step("kube manifests" + SUBMITTED, ExitCode.DONE),
              new Step(
                  "kube submit --time-limit 1s --from "
                      + input
                      + where
                      + " --results kept.jsonl"
                      + SUBMITTED,
                  ExitCode.TIME_IS_OVER),
              new Step("kube scale rehearsal 3" + where, ExitCode.DONE),
              new Step("work rehearsal --redis " + redis.uri() + WORK, ExitCode.DONE))) {
        ExitCode code = step.perform(terminal);
        if (code != step.expected) {
          return code;
        }
      }
      server.put(
          JOB, "{\"status\":{\"conditions\":[{\"type\":\"Complete\",\"status\":\"True\"}]}}");
      for (String verb : List.of("attach", "describe", "logs", "delete")) {
        ExitCode code =
            new Step("kube " + verb + " rehearsal" + where, ExitCode.DONE).perform(terminal);
        if (code != ExitCode.DONE) {
          return code;
        }
      }
      return ExitCode.DONE;
    }
  }

  private record Step(String words, ExitCode expected) {
    ExitCode perform(Terminal terminal) {
      return Main.run(terminal, words.split(" ", -1));
    }
  }

  private static String kubeconfig(String url) {
    return """
    apiVersion: v1
    kind: Config
    current-context: rehearsal
    clusters:
    - {name: rehearsal, cluster: {server: "%s"}}
    users:
    - {name: rehearsal, user: {token: none}}
    contexts:
    - name: rehearsal
      context: {cluster: rehearsal, user: rehearsal, namespace: rehearsal}
    """
        .formatted(url);
  }
}
