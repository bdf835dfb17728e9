package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.cli.Piecework.Ended;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * With the Role that {@code kube rbac} prints each verb works, and without a part of it says so.
 */
class KubeRightsIT {

  @RegisterExtension final Piecework piecework = new Piecework();
  @RegisterExtension final MockCluster cluster = new MockCluster();

  @BeforeEach
  void write() throws Exception {
    piecework.write("in.txt", "a\nb\nc\n");
  }

  private Ended kube(String... words) throws Exception {
    return piecework.here(cluster.verb(words));
  }

  private AccessRules role(String... verbs) throws Exception {
    String[] words = new String[verbs.length + 2];
    words[0] = "kube";
    words[1] = "rbac";
    System.arraycopy(verbs, 0, words, 2, verbs.length);
    String printed = kube(words).expect(0).out();
    assertThat(printed)
        .contains("kind: Role\n", "kind: RoleBinding\n", "kind: ServiceAccount\n")
        .contains("namespace: bags");
    return AccessRules.of(printed);
  }

  private Ended submit() throws Exception {
    String[] words = {
      "kube",
      "submit",
      "--with-redis",
      "-q",
      "job2",
      "--image",
      "i:1",
      "--from",
      piecework.file("in.txt").toString(),
      "--sh",
      "echo \"$1\""
    };
    return kube(words);
  }

  private void assertNothingIsThere() {
    var client = cluster.client();
    assertThat(client.secrets().inNamespace(MockCluster.NAMESPACE).list().getItems()).isEmpty();
    assertThat(client.serviceAccounts().inNamespace(MockCluster.NAMESPACE).list().getItems())
        .isEmpty();
    assertThat(client.batch().v1().jobs().inNamespace(MockCluster.NAMESPACE).list().getItems())
        .isEmpty();
  }

  @Test
  void eachVerbTakesWhatItsRoleHasAndNothingLess() throws Exception {
    AccessRules toSubmit = role("submit");
    for (String right : toSubmit.each()) {
      cluster.front().permit(toSubmit.without(right));
      Ended ended = submit().expect(2);
      String verb = right.substring(right.indexOf(' ') + 1);
      String resource = right.substring(right.indexOf('/') + 1, right.indexOf(' '));
      assertThat(ended.err())
          .as(right)
          .contains("no permission in namespace 'bags': you may not " + verb + " on " + resource);
      assertThat(ended.err().lines()).hasSize(1);
    }
    assertNothingIsThere();
    cluster.front().permit(toSubmit);
    assertThat(submit().expect(0).err()).contains("drained: 3 done, 0 dead");

    cluster.controller().ignoreJobs();
    cluster
        .client()
        .resource(
            new JobBuilder()
                .withNewMetadata()
                .withName("idle")
                .withNamespace(MockCluster.NAMESPACE)
                .endMetadata()
                .withNewSpec()
                .withParallelism(3)
                .withNewTemplate()
                .endTemplate()
                .endSpec()
                .build())
        .create();
    for (String verb : new String[] {"attach", "describe", "logs", "scale"}) {
      AccessRules role = role(verb);
      String[] words = words(verb);
      for (String right : role.each()) {
        cluster.front().permit(role.without(right));
        Ended ended = kube(words);
        assertThat(ended.code()).as(verb + " without " + right).isNotZero();
        assertThat(ended.err())
            .as(verb + " without " + right)
            .contains("no permission", right.substring(right.indexOf('/') + 1, right.indexOf(' ')));
      }
      cluster.front().permit(role);
      kube(words).expect(0);
    }
  }

  private static String[] words(String verb) {
    return verb.equals("scale")
        ? new String[] {"kube", "scale", "idle", "1"}
        : new String[] {"kube", verb, "job2"};
  }

  @Test
  void allThatIsMissingIsToldAtOnceAndDeletingIsAllOrNothing() throws Exception {
    submit().expect(0);
    AccessRules role = role("delete");
    for (String right : role.each()) {
      if (right.endsWith("delete") && !right.contains("persistentvolumeclaims")) {
        cluster.front().permit(role.without(right));
        assertThat(kube("kube", "delete", "job2").expect(2).err())
            .contains("you may not delete on " + right.replaceAll(".*/(.*) .*", "$1"));
      }
    }
    cluster.front().permit(role("logs"));
    assertThat(submit().expect(2).err())
        .contains(
            "create and patch on jobs.batch",
            "create and patch on statefulsets.apps",
            "get and create on pods/portforward",
            "piecework kube rbac",
            "--redis-from-here");
    cluster.front().permit(role);
    assertThat(kube("kube", "delete", "job2").expect(0).err()).contains("jobs.batch/job2 deleted");
    cluster.front().permit(AccessRules.ALL);
    assertNothingIsThere();
  }

  /** Whatever was said when it was asked before. */
  @Test
  void logsThatAreRefusedAreNoLinesOfThePod() throws Exception {
    submit().expect(0);
    cluster
        .front()
        .refuse(
            "^GET .*/pods/[^/]*/log",
            403,
            "pods \"job2-0\" is forbidden: User \"bob\" cannot get resource \"pods/log\" in API"
                + " group \"\" in the namespace \"bags\"");
    Ended logs = kube("kube", "logs", "job2").expect(2);
    assertThat(logs.err()).contains("user 'bob' may not get pods/log in namespace 'bags'");
    assertThat(logs.err().lines()).hasSize(1);
    assertThat(logs.out()).isEmpty();
    Ended attached = kube("kube", "attach", "job2", "--logs");
    assertThat(attached.err()).contains("may not get pods/log").doesNotContain("\"Status\"");
  }

  @Test
  void aVerbThatTakesNoRightsIsNotTaken() throws Exception {
    assertThat(kube("kube", "rbac", "atach").expect(2).err()).contains("did you mean 'attach'?");
    assertThat(
            kube("kube", "rbac", "submit", "--user", "ann", "--stream", "--keda").expect(0).out())
        .contains("deployments", "scaledobjects", "kind: User", "name: ann")
        .doesNotContain("ServiceAccount");
  }
}
