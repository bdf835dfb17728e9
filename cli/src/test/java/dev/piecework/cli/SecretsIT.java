package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.embedded.PrivateRedis;
import dev.piecework.testkit.TlsRedis;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Passwords and files are for their owner only; TLS shows and asks for certificates. */
class SecretsIT {

  private static final String SECRET = "s3cr3t-0f-n0b0dy";

  @RegisterExtension final Piecework piecework = new Piecework();

  private void assertSecretIsNowhere(String secret) throws IOException {
    try (Stream<Path> files = Files.walk(piecework.folder(), 1)) {
      for (Path file :
          files.filter(f -> f.getFileName().toString().matches("(out|err)-.*")).toList()) {
        assertThat(Files.readString(file)).as(file.toString()).doesNotContain(secret);
      }
    }
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process :
          processes.filter(p -> p.getFileName().toString().matches("\\d+")).toList()) {
        try {
          byte[] line = Files.readAllBytes(process.resolve("cmdline"));
          assertThat(new String(line, StandardCharsets.UTF_8)).doesNotContain(secret);
        } catch (IOException gone) {
          // Then it shows nothing.
        }
      }
    }
  }

  @Test
  void noPasswordIsInPsOutputJsonOrErrors() throws Exception {
    try (PrivateRedis redis = PrivateRedis.builder().password(SECRET).start()) {
      String at = "127.0.0.1:" + redis.port();
      piecework.with("REDIS_URL", "redis://:" + SECRET + "@" + at);
      piecework.here("fill", "q", "a", "b", "-v").expect(0);
      Piecework.Started worker =
          piecework.start("work", "q", "-v", "--sh", "echo started >&2; sleep 1; echo \"$1\"");
      worker.awaitErr("started");
      assertSecretIsNowhere(SECRET);
      piecework.here("status", "q", "-o", "json").expect(0);
      piecework.here("status", "-o", "json").expect(0);
      piecework.here("items", "q", "-o", "json").expect(0);
      worker.end().expect(0);
      piecework.here("results", "q").expect(0);
      piecework
          .here(
              "status",
              "q",
              "--redis",
              "redis://:" + SECRET + "x@" + at,
              "-v",
              "--redis-timeout",
              "100ms")
          .expect(4);
    }
    // Nobody is there any more; and URLs that cannot be read.
    piecework.here("status", "q", "-v", "--redis-timeout", "100ms").expect(4);
    for (String url :
        List.of(
            "redis://:" + SECRET + "@h:port",
            "redis://:" + SECRET,
            "reds://:adm/" + SECRET + "@h",
            "redis://" + SECRET + "/@x:y@h:0",
            "http://u:" + SECRET + "@h",
            "redis://:" + SECRET + "@h/x?y",
            "redis-sentinel://:" + SECRET + "@h",
            ":" + SECRET + "@h")) {
      piecework.with("REDIS_URL", url);
      piecework.here("status", "q", "-v").expect(2);
      piecework.here("run", "-v", "--", "echo").expect(2);
      piecework.here("kube", "manifests", "-v", "-q", "q", "--image", "i", "--", "x").expect(0);
    }
    piecework.with("REDIS_URL", "");
    // In the wrong place.
    String url = "redis://:a/b@" + SECRET + "@h";
    for (String[] words :
        new String[][] {
          {"status", "q", url, "-v"},
          {"status", url, "-v"},
          {url, "status"},
          {"work", url, "-v", "--", "echo"},
          {"status", "q", "--redi", url, "-v"},
          {"status", "q", "--redis", url + ":x", "-v"},
          {"status", "q", "--redis-timeout", url, "-v"},
          {"kube", "manifests", "-q", "q", "--image", "i", "--redis", url + "?x", "--", "x"},
        }) {
      piecework.here(words).expect(2);
    }
    assertSecretIsNowhere(SECRET);
  }

  @Test
  void theEmbeddedRedisIsForItsOwnerOnly() throws Exception {
    piecework.here("fill", "q", "a").expect(0);
    Path state = piecework.file("state").resolve("piecework");
    String password = Files.readString(state.resolve("password"));
    assertThat(password).as("256 bits").matches("[0-9a-f]{64}");
    assertThat(Files.readString(state.resolve("redis.conf"))).contains("bind \"127.0.0.1\"");
    try (Stream<Path> files = Files.walk(state)) {
      for (Path file : files.toList()) {
        if (!Files.exists(file)) {
          // Then it shows nothing.
        }
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        boolean folder = Files.isDirectory(file);
        assertThat(mode).as(file.toString()).isEqualTo(folder ? "rwx------" : "rw-------");
      }
    }
    piecework.here("status", "q", "-o", "json", "-v").expect(0);
    assertSecretIsNowhere(password);
  }

  @Test
  void aRedisThatAsksForCertificates() throws Exception {
    try (TlsRedis redis = TlsRedis.askingForCertificates(SECRET);
        TlsRedis other = TlsRedis.askingForCertificates(SECRET)) {
      piecework.with("REDIS_URL", redis.uri());
      String ca = redis.caFile().toString();
      String certificate = redis.clientCertificate().toString();
      String key = redis.clientKey().toString();
      piecework
          .here(
              "fill",
              "q",
              "a",
              "--redis-ca-file",
              ca,
              "--redis-cert-file",
              certificate,
              "--redis-key-file",
              key)
          .expect(0);
      piecework
          .run(
              "work",
              "q",
              "--redis-ca-file",
              ca,
              "--redis-cert-file",
              certificate,
              "--redis-key-file",
              key,
              "--",
              "true")
          .expect(0);

      var none = piecework.here("status", "q", "--redis-ca-file", ca, "--redis-timeout", "3s");
      assertThat(none.code()).isEqualTo(4);
      var stranger =
          piecework.here(
              "status",
              "q",
              "--redis-ca-file",
              ca,
              "--redis-timeout",
              "3s",
              "--redis-cert-file",
              other.clientCertificate().toString(),
              "--redis-key-file",
              other.clientKey().toString());
      assertThat(stranger.code()).isEqualTo(4);
      var impostor =
          piecework.here(
              "status",
              "q",
              "--redis-ca-file",
              other.caFile().toString(),
              "--redis-cert-file",
              certificate,
              "--redis-key-file",
              key,
              "--redis-timeout",
              "3s");
      assertThat(impostor.expect(4).err()).contains("no trusted TLS connection");
      assertThat(piecework.here("status", "q", "--redis-cert-file", certificate).expect(2).err())
          .contains("go together");
      assertThat(
              piecework
                  .here("status", "q", "--redis-cert-file", certificate, "--redis-key-file", ca)
                  .expect(2)
                  .err())
          .contains("no private key in " + ca);
      for (var refused : List.of(none, stranger, impostor)) { // once at once, once at the end
        assertThat(refused.err()).doesNotContain("\tat ", SECRET);
        assertThat(refused.err().lines().count()).isLessThanOrEqualTo(2);
      }
    }
  }
}
