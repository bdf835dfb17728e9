package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.cli.Piecework.Ended;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The Roles that {@code kube rbac} prints, applied by kubectl and held by a ServiceAccount, on a
 * real cluster; run by {@code ./check --cluster}, see {@link ClusterFlow}.
 */
class ClusterRights {

  /** A Job that is not over has something to scale. */
  private static final String IDLE =
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: idle}
      spec:
        suspend: true
        parallelism: 3
        template: {spec: {restartPolicy: Never, containers: [{name: c, image: none}]}}
      """;

  @RegisterExtension final Piecework piecework = new Piecework();

  private RealCluster cluster;

  @BeforeEach
  void begin() throws Exception {
    cluster = new RealCluster(piecework);
    piecework.write("in.txt", "1\n2\n3\n");
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  /** An account with the Role for some verbs. */
  private final class Account {
    private final String name;
    private final Path kubeconfig;
    private final AccessRules rules;

    Account(String... verbs) throws Exception {
      name = "may-" + verbs[0];
      List<String> words = new ArrayList<>(List.of(verbs));
      words.addAll(List.of("--name", name));
      String printed = cluster.kube("rbac", words.toArray(String[]::new)).expect(0).out();
      assertThat(cluster.kubectl(printed, "apply", "-f", "-"))
          .contains(
              "serviceaccount/" + name + " created",
              "role.rbac.authorization.k8s.io/" + name + " created",
              "rolebinding.rbac.authorization.k8s.io/" + name + " created");
      rules = AccessRules.of(printed);
      kubeconfig = cluster.kubeconfigOf(name);
      for (String right : rules.each()) {
        awaitRight(right, true);
      }
    }

    /** Gives it all but one. */
    void lose(String right) {
      permit(rules.without(right));
      awaitRight(right, false);
    }

    void regain(String right) {
      permit(rules);
      awaitRight(right, true);
    }

    private void permit(AccessRules permitted) {
      cluster
          .client()
          .rbac()
          .roles()
          .inNamespace(cluster.namespace())
          .withName(name)
          .edit(role ->
              new RoleBuilder(role)
                  .withRules(permitted.each().stream().map(ClusterRights::rule).toList())
                  .build());
    }

    /** The authorizer learns of a Role a moment later. */
    private void awaitRight(String right, boolean there) {
      PolicyRule rule = rule(right);
      String[] resource = rule.getResources().getFirst().split("/", 2);
      var question =
          new SubjectAccessReviewBuilder()
              .withNewSpec()
              .withUser("system:serviceaccount:" + cluster.namespace() + ":" + name)
              .withNewResourceAttributes()
              .withNamespace(cluster.namespace())
              .withGroup(rule.getApiGroups().getFirst())
              .withResource(resource[0])
              .withSubresource(resource.length > 1 ? resource[1] : null)
              .withVerb(rule.getVerbs().getFirst())
              .endResourceAttributes()
              .endSpec()
              .build();
      await()
          .atMost(RealCluster.LONG)
          .until(() ->
              cluster
                      .client()
                      .authorization()
                      .v1()
                      .subjectAccessReview()
                      .create(question)
                      .getStatus()
                      .getAllowed()
                  == there);
    }

    Ended kube(String verb, String... words) throws Exception {
      List<String> all =
          new ArrayList<>(List.of("kube", verb, "--kubeconfig", kubeconfig.toString()));
      all.addAll(List.of(words));
      return piecework.here(all.toArray(String[]::new));
    }

    Ended submit(String... more) throws Exception {
      List<String> all = new ArrayList<>(List.of("--with-redis", "-q", "job2"));
      all.addAll(List.of("--image", RealCluster.IMAGE));
      all.addAll(List.of("--from", piecework.file("in.txt").toString()));
      all.addAll(List.of(more));
      all.addAll(List.of("--", "./worker.sh", "{}"));
      return kube("submit", all.toArray(String[]::new));
    }
  }

  /** Of one like {@code apps/statefulsets patch}. */
  private static PolicyRule rule(String right) {
    return new PolicyRuleBuilder()
        .withApiGroups(right.substring(0, right.indexOf('/')))
        .withResources(resource(right))
        .withVerbs(verb(right))
        .build();
  }

  private static String resource(String right) {
    return right.substring(right.indexOf('/') + 1, right.indexOf(' '));
  }

  private static String verb(String right) {
    return right.substring(right.indexOf(' ') + 1);
  }

  @Test
  void theRoleIsEnoughToSubmitAndWithoutAnyPartOfItNothingIsMade() throws Exception {
    Account account = new Account("submit");
    List<String> before = cluster.made();
    for (String right : account.rules.each()) {
      account.lose(right);
      Ended ended = account.submit().expect(2);
      assertThat(ended.err())
          .as(right)
          .contains("no permission in namespace '" + cluster.namespace())
          .contains("you may not " + verb(right) + " on " + resource(right));
      assertThat(ended.err().lines()).as(right).hasSize(1);
      assertThat(cluster.made()).as(right).isEqualTo(before);
      account.regain(right);
    }
    assertThat(account.submit().expect(0).err()).contains("drained: 3 done, 0 dead");
  }

  @Test
  void eachVerbTakesWhatItsRoleHasAndNothingLess() throws Exception {
    assertThat(cluster.kube("submit", words()).expect(0).err()).contains("drained: 3 done, 0 dead");
    cluster.kubectl(IDLE, "apply", "-f", "-");
    for (String verb : List.of("attach", "describe", "logs", "scale", "delete")) {
      Account account = new Account(verb);
      String[] more = verb.equals("scale") ? new String[] {"idle", "1"} : new String[] {"job2"};
      List<String> before = cluster.made();
      for (String right : account.rules.each()) {
        account.lose(right);
        Ended ended = account.kube(verb, more);
        String without = verb + " without " + right;
        assertThat(ended.code()).as(without).isNotZero();
        assertThat(ended.err()).as(without).contains("no permission", resource(right));
        assertThat(ended.err().lines()).as(without).hasSize(1);
        assertThat(cluster.made()).as(without).isEqualTo(before);
        account.regain(right);
      }
      account.kube(verb, more).expect(0);
    }
  }

  @Test
  void logsThatAreRefusedAreNoLinesOfThePod() throws Exception {
    Account account = new Account("submit");
    Ended refused = account.submit("--logs").expect(2);
    assertThat(refused.err()).contains("you may not get on pods/log");
    account.submit().expect(0);
    Ended attached = account.kube("attach", "job2", "--logs");
    assertThat(attached.err() + attached.out())
        .contains("you may not get on pods/log")
        .doesNotContain("\"Status\"");
    Ended logs = account.kube("logs", "job2").expect(2);
    assertThat(logs.err()).contains("pods/log");
    assertThat(logs.out()).isEmpty();
  }

  private String[] words() {
    return new String[] {
      "--with-redis",
      "-q",
      "job2",
      "--image",
      RealCluster.IMAGE,
      "--from",
      piecework.file("in.txt").toString(),
      "--",
      "./worker.sh",
      "{}"
    };
  }
}
