package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.cli.Piecework.Ended;
import dev.piecework.embedded.PrivateRedis;
import dev.piecework.testrun.Needs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The image of a worker, pushed to a real registry and copied back. */
@Needs({"docker-registry", "htpasswd", "skopeo", "dash", "ldd"})
@SuppressWarnings("NullAway.Init") // by each test that wants one
final class KubeRegistryIT {

  @TempDir Path folder;
  @RegisterExtension final Piecework piecework = new Piecework().patient(KubeImageIT.LONGEST);
  private Process registry;
  private String host;
  private String base;

  @BeforeEach
  void prepare() throws Exception {
    piecework.with("XDG_CACHE_HOME", KubeImageIT.CACHE.toString());
    piecework.with("HOME", folder.toString());
    base = TestBases.plain().tar(folder.resolve("base.tar"));
  }

  @AfterEach
  void stop() throws Exception {
    if (registry != null) {
      registry.destroy();
      registry.waitFor();
    }
  }

  private void startRegistry(String settings) throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("registry.yml"),
            """
            version: 0.1
            log: {level: info}
            storage: {filesystem: {rootdirectory: %s}}
            http: {addr: "127.0.0.1:0"}
            %s
            """
                .formatted(folder.resolve("registry"), settings));
    registry =
        new ProcessBuilder("docker-registry", "serve", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("registry.log").toFile())
            .start();
    // It takes a port that nobody else has, and says which.
    Pattern listening = Pattern.compile("listening on (127\\.0\\.0\\.1:[1-9][0-9]*)");
    host =
        await()
            .atMost(Piecework.TIMEOUT)
            .until(
                () -> {
                  Matcher said =
                      listening.matcher(Files.readString(folder.resolve("registry.log")));
                  return said.find() ? said.group(1) : "";
                },
                found -> !found.isEmpty());
  }

  private void login(String user, String password) throws Exception {
    String both =
        Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    Files.createDirectories(folder.resolve(".docker"));
    Files.writeString(
        folder.resolve(".docker/config.json"),
        "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}".formatted(host, both));
  }

  private static String digest(Ended ended) {
    Matcher found = Pattern.compile("sha256:[0-9a-f]{64}").matcher(ended.expect(0).out());
    assertThat(found.find()).as(ended.out()).isTrue();
    return found.group();
  }

  @Test
  void isPushedOnABaseOfTheSameRegistryAndCopiedBack() throws Exception {
    startRegistry("");
    String stored = host + "/base:1";
    Containers.program(
            "skopeo",
            "copy",
            "--dest-tls-verify=false",
            "docker-archive:" + base.substring(6),
            "docker://" + stored)
        .expect(0);
    String worker = host + "/team/worker:1";

    Path pinned = folder.resolve("pinned");
    Ended first =
        piecework.run(
            "kube", "image", "--to", worker, "--base", stored, "--digest-file", pinned.toString());
    Ended again = piecework.run("kube", "image", "--to", worker, "--base", stored);

    assertThat(digest(first)).isEqualTo(digest(again));
    assertThat(first.out()).startsWith(worker + "@sha256:").contains(" pushed; ");
    assertThat(
            Containers.program(
                    "skopeo",
                    "inspect",
                    "--tls-verify=false",
                    "--format",
                    "{{.Digest}}",
                    "docker://" + worker)
                .expect(0)
                .text()
                .strip())
        .isEqualTo(digest(first));
    Path back = folder.resolve("back.tar");
    assertThat(pinned).content().isEqualTo(host + "/team/worker@" + digest(first) + "\n");
    Containers.program(
            "skopeo",
            "copy",
            "--src-tls-verify=false",
            "docker://" + Files.readString(pinned).strip(),
            "docker-archive:" + back + ":copied:1")
        .expect(0);
    try (Containers containers = new Containers()) {
      containers.load(back);
      assertThat(containers.run("copied:1", "--version").expect(0).text()).contains("piecework");
    }
  }

  @Test
  void isPushedForTwoKindsOfMachines() throws Exception {
    startRegistry("");
    String index = host + "/multi:1";
    try (Containers containers = new Containers()) {
      containers.podman("manifest", "create", "multi").expect(0);
      for (String machine : List.of("amd64", "arm64")) {
        String stored = host + "/base:" + machine;
        String tar = KubeImageIT.foreignBase(machine, folder.resolve(machine + ".tar"));
        Containers.program(
                "skopeo",
                "copy",
                "--dest-tls-verify=false",
                "docker-archive:" + tar.substring(6),
                "docker://" + stored)
            .expect(0);
        containers
            .podman("manifest", "add", "--tls-verify=false", "multi", "docker://" + stored)
            .expect(0);
      }
      containers
          .podman("manifest", "push", "--tls-verify=false", "multi", "docker://" + index)
          .expect(0);
    }
    String worker = host + "/worker:1";

    Ended made =
        piecework.run(
            "kube",
            "image",
            "--to",
            worker,
            "--base",
            index,
            "--platform",
            "linux/amd64,linux/arm64");

    assertThat(made.expect(0).err()).contains("without Java's cache of classes");
    for (String machine : List.of("amd64", "arm64")) {
      assertThat(
              Containers.program(
                      "skopeo",
                      "inspect",
                      "--tls-verify=false",
                      "--override-arch",
                      machine,
                      "--config",
                      "--format",
                      "{{.Architecture}} {{.Config.User}}",
                      "docker://" + worker)
                  .expect(0)
                  .text()
                  .strip())
          .isEqualTo(machine + " 65532:65532");
    }
  }

  @Test
  void isPushedWithTheCredentialsThatDockerKeeps() throws Exception {
    Containers.Said file = Containers.program("htpasswd", "-Bbn", "ann", "secret").expect(0);
    Path passwords = Files.writeString(folder.resolve("htpasswd"), file.text());
    startRegistry("auth: {htpasswd: {realm: test, path: %s}}".formatted(passwords));
    String[] push = {"kube", "image", "--no-aot", "--to", host + "/worker:1", "--base", base};

    refused(2, "wants a user and a password", push);
    login("ann", "wrong");
    refused(2, "docker login " + host, push);
    login("ann", "secret");
    piecework.run(push).expect(0);
  }

  @Test
  void saysInOneLineThatARegistryIsAway() throws Exception {
    host = "127.0.0.1:" + PrivateRedis.freePort();

    refused(
        70,
        "nobody answers at " + host,
        "kube",
        "image",
        "--no-aot",
        "--to",
        host + "/w:1",
        "--base",
        base);
    refused(
        70,
        "nobody answers at " + host,
        "kube",
        "image",
        "--tar",
        folder.resolve("w.tar").toString(),
        "--base",
        host + "/base:1");
    refused(
        70,
        "there is no host nowhere.invalid",
        "kube",
        "image",
        "--to",
        "nowhere.invalid/w:1",
        "--base",
        base);
    assertThat(folder.resolve("w.tar")).doesNotExist();
  }

  @Test
  void saysInOneLineThatThereIsNoSuchBase() throws Exception {
    startRegistry("");

    refused(
        2,
        "cannot get the base " + host + "/nothing:1",
        "kube",
        "image",
        "--to",
        host + "/w:1",
        "--base",
        host + "/nothing:1");
  }

  private void refused(int code, String says, String... words) throws Exception {
    Ended ended = piecework.run(words).expect(code);
    assertThat(ended.err()).startsWith("piecework kube image: ").contains(says).hasLineCount(1);
  }
}
