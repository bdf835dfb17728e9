package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.cli.verb.Verb;
import dev.piecework.embedded.PrivateRedis;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;

/** One clear line, the right exit code, no stack trace, nothing lost. */
class ErrorsIT {

  @RegisterExtension final Piecework piecework = new Piecework();

  private static void assertOneClearLine(Piecework.Ended ended, String... parts) {
    assertThat(ended.err()).contains(parts).doesNotContain("\tat ", "Exception");
    assertThat(ended.err().lines()).as(ended.err()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stauts|did you mean 'status'",
        "run --from x --form lines -- echo|did you mean '--from'",
        "fill q --prioritty high a|did you mean '--priority'",
        "fill q --priority urgent a|priority",
        "fill q --delay soon a|is not a duration",
        "fill q --backoff 1m..1s a|ends below its start",
        "fill q --results-max lots a|is not a size",
        "fill|QUEUE",
        "fill bad/name a|queue name 'bad/name'",
        "fill q --from .|is a folder",
        "fill q --from nowhere|there is no file nowhere",
        "fill q --from . a|not both",
        "fill q --id x --from in|--format jsonl or csv",
        "fill q --close x a|--close",
        "work q|no command",
        "work q echo hi|comes after --",
        "work q --|no command",
        "work q -- no-such-command-here|no-such-command-here",
        "work q -- ./in|not executable",
        "work q --slots 0 -- echo|slot",
        "work q --child --batch 3 -- cat|--child",
        "work q --forever --leave-early -- cat|exclude each other",
        "run -- no-such-command-here {}|no-such-command-here",
        "run -- sh -c cat<{} x|--sh 'TEXT' with",
        "work q -- env A=1 bash -ec ls{.}|--paste if it is meant",
        "work q --  -- true|no command given",
        "run -I  -- echo {}|an empty text stands nowhere",
        "run -I X --sh true|-I goes with a command after --",
        "run --dry-run --child -- cat|--child has none",
        "run --resume --fresh -- echo|exclude each other",
        "run --resume -- echo|needs its name",
        "run --from in --results . -- echo|is a folder",
        "run --from in --results no/where -- echo|there is no folder",
        "purge q|--yes",
        "requeue q|one of --all, --id ID, --error TEXT",
        "requeue q --id 17|no dead or delayed item '17'",
        "drop q --id 17|no item '17'",
        "drop q --all --payload x|one of --all",
        "fill q --results-max 16777216t a|16777216t' is more than the largest size",
        "fill q --payload-max 4g a|payload-max is at most 512m, not 4g",
        "fill q --lease-timeout 99999999999h a|99999999999h' is longer than",
        "fill q --attempts 0x10 a|0x10' is not a whole number",
        "work q --slots 1e3 -- cat|--slots '1e3'",
        "set q lease-timeout=99999999999h|lease-timeout: '99999999999h' is longer than",
        "set q attempts|NAME=VALUE",
        "items q --id 17|knows no item '17'",
        "status q -o yaml|yaml",
        "status --watch|needs the name",
        "completion fish|fish",
        "--fast run|a verb comes first",
        "kube describe x --kubeconfig no/where|--kubeconfig: cannot read no/where",
        "kube scale x many|many",
        "work q --lease 30s -- true|did you mean '--lease-timeout'",
        "fill q --lapse 3s --lease-timeout 4s a|--lapse is --lease-timeout by its old name",
        "drill --lapse 1s --lease-timeout 5s|--lapse is --lease-timeout by its old name",
        "kube submit -q q --image i --fresh --resume -- true|exclude each other",
        "kube submit -q q --image i --as x -- true|--as names the input",
        "kube submit -q q --image i --then x -- true|--then",
        "kube submit -q q -f in --image i|leave out --image",
        "kube submit -q q -f in|is no Kubernetes manifest",
        "kube submit -q q -f nothing.yaml|cannot read nothing.yaml",
        "kube submt -q q|did you mean 'kube submit'",
      })
  void whatIsTypedWrongIsSaidInOneLine(String words, String said) throws Exception {
    piecework.write("in", "a\n");
    // It runs in another folder than the file is in.
    String here = piecework.folder() + "/";
    String[] typed =
        words
            .replace("--from in ", "--from " + here + "in ")
            .replace("-f in", "-f " + here + "in")
            .replace("./in", here + "in")
            .split(" ");

    var ended = piecework.here(typed).expect(2);

    assertOneClearLine(ended, said);
  }

  @Test
  void theVerbsOfAGroupAreListed() throws Exception {
    assertThat(piecework.here("kube").expect(2).err()).contains("kube submit", "kube delete");
    assertThat(piecework.here("kube", "--help").expect(0).out())
        .contains("kube manifests", "kube submit", "kube attach", "kube scale");
  }

  @Test
  void verboseShowsWhere() throws Exception {
    assertThat(piecework.run("fill", "q", "-v", "--from", "nowhere").expect(2).err())
        .contains("\tat ");
  }

  @Test
  void noRedisThere() throws Exception {
    var ended =
        piecework
            .here("status", "q", "--redis", "redis://127.0.0.1:1", "--redis-timeout", "200ms")
            .expect(4);

    assertOneClearLine(ended, "127.0.0.1:1");
  }

  @Test
  void aNameThatDoesNotResolveYetIsWaitedFor() throws Exception {
    piecework.write("hosts", "127.0.0.1 other.example\n");
    piecework.with(
        "PIECEWORK_JAVA_OPTS",
        "-Djdk.net.hosts.file=" + piecework.file("hosts") + " -Dsun.net.inetaddr.negative.ttl=0");
    try (PrivateRedis redis = PrivateRedis.started()) {
      String uri = "redis://later.example:" + redis.port();
      Piecework.Started status =
          piecework.start("status", "q", "--redis", uri, "--redis-timeout", "2m");
      status.awaitErr("cannot be reached");
      piecework.write("hosts", "127.0.0.1 later.example\n");
      status.end().expect(0);
    }
    String never = "redis://never.example";
    var ended =
        piecework.run("status", "q", "--redis", never, "--redis-timeout", "300ms").expect(4);
    assertThat(ended.err()).contains("never.example:6379 cannot be reached");
  }

  @Test
  void connectionsThatAreUsedUpAreFourAndNotTwo() throws Exception {
    try (PrivateRedis redis = PrivateRedis.started();
        Jedis one = new Jedis("127.0.0.1", redis.port())) {
      one.configSet("maxclients", "1");
      piecework.with("REDIS_URL", redis.uri());
      var ended = piecework.run("work", "q", "--redis-timeout", "1s", "--", "true").expect(4);
      assertOneClearLine(ended, "max number of clients", "(for 1s)");
    }
  }

  @Test
  void aServerThatNeverAnswers() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String uri = "redis://127.0.0.1:" + mute.getLocalPort();
      piecework.here("status", "q", "--redis", uri, "--redis-timeout", "2s").expect(4);
    }
  }

  @Test
  void aWrongPasswordIsNeverPrinted() throws Exception {
    try (PrivateRedis redis = PrivateRedis.builder().password("right-one").start()) {
      piecework.write("password", "wrong-secret\n");
      String uri = "redis://127.0.0.1:" + redis.port();
      String[] words = {
        "status", "q", "--redis", uri, "--redis-timeout", "2s", "--redis-password-file"
      };
      String[] wrong = append(words, "password");

      var ended = piecework.run(wrong).expect(4);
      assertThat(ended.err()).contains("refuses the password").doesNotContain("\tat ", "Exception");
      assertThat(ended.err()).doesNotContain("wrong-secret");

      piecework.with("REDIS_URL", "redis://:wrong-secret@127.0.0.1:" + redis.port());
      ended = piecework.here("status", "q", "--redis-timeout", "2s", "-v").expect(4);
      assertThat(ended.err()).doesNotContain("wrong-secret");

      piecework.write("password", "right-one\n");
      piecework.run(wrong).expect(0);
    }
  }

  private static String[] append(String[] words, String last) {
    String[] all = java.util.Arrays.copyOf(words, words.length + 1);
    all[words.length] = last;
    return all;
  }

  @Test
  void anotherTypeUnderTheKey() throws Exception {
    try (PrivateRedis redis = PrivateRedis.started()) {
      piecework.with("PIECEWORK_REDIS", redis.uri());
      try (Jedis jedis = new Jedis("127.0.0.1", redis.port())) {
        jedis.set("job2", "something else");
      }

      assertOneClearLine(piecework.here("fill", "job2", "a").expect(2), "something else");
      assertOneClearLine(piecework.here("status", "job2").expect(2), "something else");
      var worked = piecework.run("work", "job2", "--", "echo").expect(2);
      assertThat(worked.err()).doesNotContain("\tat ");
      try (Jedis jedis = new Jedis("127.0.0.1", redis.port())) {
        assertThat(jedis.get("job2")).isEqualTo("something else");
      }
    }
  }

  @Test
  void aReadOnlyReplica() throws Exception {
    try (PrivateRedis master = PrivateRedis.started();
        PrivateRedis replica =
            PrivateRedis.builder()
                .config("replicaof", "127.0.0.1", String.valueOf(master.port()))
                .start()) {
      piecework.with("PIECEWORK_REDIS", replica.uri());

      var ended = piecework.here("fill", "job2", "a", "--redis-timeout", "2s").expect(74);

      assertThat(ended.err().lines().toList().getLast()).containsIgnoringCase("read");
      assertThat(ended.err()).doesNotContain("\tat ");
    }
  }

  @Test
  void aFullRedisRefusesFillsAndLetsWorkGoOn() throws Exception {
    try (PrivateRedis redis =
        PrivateRedis.builder().config("maxmemory-policy", "noeviction").start()) {
      piecework.with("PIECEWORK_REDIS", redis.uri());
      piecework.here("fill", "job2", "a", "b", "c", "--keep", "counts").expect(0);
      try (Jedis jedis = new Jedis("127.0.0.1", redis.port())) {
        jedis.configSet("maxmemory", "1");
      }

      var refused = piecework.here("fill", "job2", "d", "--redis-timeout", "2s").expect(74);
      assertThat(refused.err()).containsIgnoringCase("memory").doesNotContain("\tat ");

      piecework.run("work", "job2", "--", "true").expect(0);
      assertThat(piecework.here("status", "job2").expect(0).out()).contains("3 done");
    }
  }

  @Test
  void outOfMemoryIsOurOwnError() throws Exception {
    piecework.with("PIECEWORK_JAVA_OPTS", "-Xmx20m");
    piecework.write("big", "x".repeat(60_000_000));

    var ended = piecework.run("fill", "q", "--from", "big", "--payload-max", "100m").expect(70);

    assertThat(ended.err()).contains("memory").doesNotContain("\tat ");
  }

  @Test
  void aFullDiskUnderTheResultsStopsTheRunAndLosesNothing() throws Exception {
    piecework.write("in", "a\nb\nc\n");

    var ended =
        piecework.run("run", "-q", "d", "--from", "in", "--results", "/dev/full", "--", "echo");

    ended.expect(74);
    assertThat(ended.err()).contains("No space left");
    assertThat(
            piecework
                .run("run", "-q", "d", "--resume", "--from", "in", "--", "echo")
                .expect(0)
                .lines())
        .containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  void whoeverClosesTheOutputIsNotTold() throws Exception {
    var ended =
        piecework
            .startProgram(
                "bash",
                "-c",
                "\"$PIECEWORK\" fill q --from <(seq 5000) >/dev/null;"
                    + " \"$PIECEWORK\" items q --limit 0 | head -1; echo ${PIPESTATUS[0]}")
            .end()
            .expect(0);

    assertThat(ended.lines()).hasSize(2);
    assertThat(ended.lines().get(1)).isEqualTo("141");
    assertThat(ended.err()).isEmpty();
  }

  @Test
  void anArgumentListIsNotAnOption() throws Exception {
    assertOneClearLine(piecework.here("fill", "q", "-x").expect(2), "'-x'");
    piecework.here("fill", "q", "--", "-x", "--help").expect(0);
    assertThat(piecework.here("items", "q", "--state", "waiting").out()).contains("-x", "--help");
  }

  @Test
  void everyVerbHasHelpWithAnExample() throws Exception {
    for (Verbs verb : Verbs.values()) {
      Verb made = verb.make();
      String usage = verb.parser(made).getUsageMessage();
      assertThat(usage).contains("Example:", "piecework " + verb.word());
    }
    assertThat(piecework.run("help", "fill").expect(0).out()).contains("Example:");
    assertThat(piecework.run("--version").expect(0).out()).startsWith("piecework ");
    assertThat(piecework.run("completion", "bash").expect(0).out()).contains("requeue");
  }
}
