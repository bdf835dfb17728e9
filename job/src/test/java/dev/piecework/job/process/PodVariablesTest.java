package dev.piecework.job.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What comes between the manifest and a container's command changes no variable. */
@Tag("slow")
final class PodVariablesTest {
  private static final String NO_MOUNTS = "[]";
  private static final String MOUNTS = "[{name: v, mountPath: /no-such-top/v}]";

  /** Which shells set by themselves, refuse or drop, and what scripts of ours might assign to. */
  private static final List<String> NAMES =
      List.of(
          "path root how cwd at entry whole old go PATH PWD OLDPWD IFS OPTIND OPTARG PPID LINENO",
          "RANDOM SECONDS UID EUID SHLVL SHELLOPTS BASHOPTS BASH_VERSION PS1 PS2 PS4 ENV BASH_ENV",
          "POSIXLY_CORRECT _ TMPDIR HOSTNAME my.name my-name .hidden");

  @TempDir Path state;

  private JobOnThisMachine job(Map<String, String> variables, String mounts, List<String> command)
      throws Exception {
    assumeTrue(mounts.equals(NO_MOUNTS) || canMount(), "this machine lets nobody mount");
    List<Map<String, String>> env = new ArrayList<>();
    variables.forEach((name, value) -> env.add(Map.of("name", name, "value", value)));
    return new JobOnThisMachine(
        state,
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: j}
        spec:
          backoffLimit: 0
          template:
            spec:
              restartPolicy: Never
              volumes: [{name: v, emptyDir: {}}]
              containers:
              - {name: c, image: x, command: %s, env: %s, volumeMounts: %s}
        """
            .formatted(json(command), json(env), mounts));
  }

  private static String json(Object value) {
    return JsonMapper.shared().writeValueAsString(value);
  }

  private static boolean canMount() throws Exception {
    try {
      MountNamespace.find();
      return true;
    } catch (PodRuntimeException cannot) {
      return System.getenv("CI") != null;
    }
  }

  /** Guards against: {@code path} of a manifest is empty in the container, without a word. */
  @ParameterizedTest
  @ValueSource(strings = {NO_MOUNTS, MOUNTS})
  void eachReachesTheContainerAsTheManifestSetsIt(String mounts) throws Exception {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String name : String.join(" ", NAMES).split(" ", -1)) {
      variables.put(name, "of " + name);
    }
    variables.put("EMPTY", "");
    variables.put("ODD", " 'q' \"$$PATH\" \\t ${IFS} é\t ");
    JobOnThisMachine job = job(variables, mounts, List.of("/bin/cat", "/proc/self/environ"));
    assertThat(job.finish().isComplete()).as("%s", job.lines()).isTrue();
    variables.put("ODD", variables.get("ODD").replace("$$", "$"));
    List<String> expected =
        variables.entrySet().stream().map(one -> one.getKey() + "=" + one.getValue()).toList();
    assertThat(job.lines()).hasSize(1);
    List<String> all = List.of(job.lines().getFirst().split("\0"));
    assertThat(all)
        .containsAll(expected)
        .doesNotHaveDuplicates()
        .noneMatch(one -> one.startsWith("PIECEWORK_VARIABLE"));
    List<String> others = new ArrayList<>(all);
    others.removeAll(expected);
    others.removeIf(one -> one.startsWith("PIECEWORK_JOB_"));
    assertThat(System.getenv().entrySet().stream().map(one -> one.getKey() + "=" + one.getValue()))
        .as("the rest is the launcher's")
        .containsAll(others);
  }

  /** Guards against: the tools that mount load what was meant for the program in the container. */
  @ParameterizedTest
  @ValueSource(strings = {NO_MOUNTS, MOUNTS})
  void noneActsOnWhatComesBeforeTheCommand(String mounts) throws Exception {
    JobOnThisMachine job =
        job(
            Map.of("LD_PRELOAD", "/no/such/library.so", "PATH", "/no/such/bin"),
            mounts,
            List.of("/bin/cat", "/dev/null"));
    assertThat(job.finish().isComplete()).as("%s", job.lines()).isTrue();
    // The loader's own word about the library, once.
    assertThat(job.lines()).hasSizeLessThan(2);
  }

  /** A command is no assignment, and is looked for where the manifest's PATH says. */
  @Test
  void theCommandIsWhatTheManifestSays() throws Exception {
    Path tool = state.resolve("a=b");
    Files.createSymbolicLink(tool, Path.of("/bin/echo"));
    JobOnThisMachine job =
        job(Map.of("PATH", state.toString()), NO_MOUNTS, List.of("a=b", "-n", "c=d é"));
    assertThat(job.finish().isComplete()).as("%s", job.lines()).isTrue();
    assertThat(job.lines()).containsExactly("c=d é");
  }
}
