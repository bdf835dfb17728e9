package dev.piecework.cli;

import dev.piecework.embedded.RedisBinary;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.SafeEncoder;

/**
 * The pods of a StatefulSet of several Redis, as processes of this machine: each container runs the
 * command line that the manifest has, with a folder for its volume, an address of the loopback
 * interface for its pod, and a file of hosts in the place of DNS. What ends is started again.
 */
final class RedisPods implements AutoCloseable {

  private final MockCluster cluster;
  private final StatefulSet set;
  private final Path folder;
  private final String network =
      "127."
          + ThreadLocalRandom.current().nextInt(1, 255)
          + "."
          + ThreadLocalRandom.current().nextInt(255)
          + ".";
  private final Map<String, Process> running = new LinkedHashMap<>();
  private final List<Boolean> ready = new ArrayList<>();
  private final Set<Integer> held = new HashSet<>();

  RedisPods(MockCluster cluster, StatefulSet set, Path folder) throws IOException {
    this.cluster = cluster;
    this.set = set;
    this.folder = folder;
    Path programs = Files.createDirectories(folder.resolve("programs"));
    Files.createSymbolicLink(programs.resolve("redis-server"), RedisBinary.find().path());
    StringBuilder hosts = new StringBuilder("127.0.0.1 localhost\n");
    for (int i = 0; i < count(); i++) {
      hosts.append(address(i)).append(' ').append(pod(i)).append('.').append(name()).append('\n');
      ready.add(false);
      cluster.front().hostOf(pod(i), InetAddress.ofLiteral(address(i)));
      cluster.client().resource(object(i)).create();
    }
    Files.writeString(folder.resolve("hosts"), hosts);
  }

  private String name() {
    return set.getMetadata().getName();
  }

  int count() {
    return set.getSpec().getReplicas();
  }

  String pod(int number) {
    return name() + "-" + number;
  }

  private String address(int number) {
    return network + (10 + number);
  }

  /** To start something that finds the pods by their names. */
  List<String> words() {
    return List.of(
        "unshare",
        "-rm",
        "sh",
        "-c",
        "mount --bind " + folder.resolve("hosts") + " /etc/hosts && exec \"$@\"",
        "sh");
  }

  /** What kubelet and controller do all the time: start what has ended, look who is ready. */
  synchronized void tend() throws IOException, InterruptedException {
    for (int i = 0; i < count(); i++) {
      if (held.contains(i)) {
        continue;
      }
      boolean started = false;
      for (Container container : containers()) {
        String key = pod(i) + "-" + container.getName();
        Process process = running.get(key);
        if (process == null || !process.isAlive()) {
          running.put(key, start(i, container, key));
          started = true;
        }
      }
      boolean now = !started && (ready.get(i) || answersAsReady(i));
      if (now != ready.set(i, now)) {
        cluster.client().resource(object(i)).update();
      }
    }
  }

  /** Whether all of them are. */
  synchronized boolean allReady() {
    return !ready.contains(false);
  }

  /**
   * SIGKILL to all that runs in a pod, which is made anew.
   *
   * @param volume whether its volume is lost as well
   */
  synchronized void kill(int number, boolean volume) {
    running.forEach((key, process) -> {
      if (key.startsWith(pod(number) + "-")) {
        process.destroyForcibly();
        process.onExit().join();
      }
    });
    if (volume) {
      Piecework.remove(volume(number));
    }
    ready.set(number, false);
    cluster.client().resource(object(number)).update();
  }

  /** What is killed stays so for now, as where a node has to be found for it. */
  synchronized void hold(int number) {
    held.add(number);
  }

  /** It is started again. */
  synchronized void release(int number) {
    held.remove(number);
  }

  /** All of them at once, with their volumes. */
  synchronized void killAll() {
    for (int i = 0; i < count(); i++) {
      kill(i, true);
    }
  }

  /** What its Redis answers, each part a line; or why it does not. */
  String ask(int number, String... words) {
    var config =
        DefaultJedisClientConfig.builder()
            .password(cluster.secret(name(), "password"))
            .timeoutMillis(5_000)
            .build();
    try (Jedis redis = new Jedis(new HostAndPort(address(number), 6379), config)) {
      String[] arguments = Arrays.copyOfRange(words, 1, words.length);
      Object answer = redis.sendCommand(() -> SafeEncoder.encode(words[0]), arguments);
      List<?> parts = answer instanceof List<?> list ? list : List.of(answer);
      return parts.stream()
          .map(part -> part instanceof byte[] text ? SafeEncoder.encode(text) : part.toString())
          .collect(Collectors.joining("\n"));
    } catch (JedisException away) {
      return String.valueOf(away.getMessage());
    }
  }

  /** How far what is written has come in each of them: as a master, or as a replica. */
  List<Long> offsets() {
    return IntStream.range(0, count()).mapToObj(this::offset).toList();
  }

  private long offset(int number) {
    String info = ask(number, "info", "replication");
    String field = info.contains("role:master") ? "master_repl_offset:" : "slave_repl_offset:";
    return info.lines()
        .filter(line -> line.startsWith(field))
        .mapToLong(line -> Long.parseLong(line.substring(field.length()).strip()))
        .findFirst()
        .orElse(-1);
  }

  /** Whether each replica has what its master had at these offsets. */
  boolean copied(List<Long> offsets) {
    for (int i = 0; i < count(); i++) {
      String info = ask(i, "info", "replication");
      boolean answers = info.contains("role:");
      if (!answers || (!info.contains("role:master") && offset(i) < offsets.get(masterIn(info)))) {
        return false;
      }
    }
    return true;
  }

  private int masterIn(String info) {
    return IntStream.range(0, count())
        .filter(i ->
            info.contains("master_host:" + address(i) + "\r")
                || info.contains("master_host:" + pod(i) + "."))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no pod is the master in\n" + info));
  }

  private List<Container> containers() {
    return set.getSpec().getTemplate().getSpec().getContainers();
  }

  private Path volume(int number) {
    return folder.resolve("volume-" + number);
  }

  private Process start(int number, Container container, String key) throws IOException {
    Files.createDirectories(volume(number));
    List<String> words = new ArrayList<>(words());
    // As the kubelet passes them on.
    container.getArgs().forEach(word -> words.add(word.replace("$$", "$")));
    return builder(number, container, words)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve(key + ".log").toFile()))
        .start();
  }

  private ProcessBuilder builder(int number, Container container, List<String> words) {
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.put("POD_NAME", pod(number));
    for (EnvVar variable : container.getEnv()) {
      if (variable.getValue() != null) {
        environment.put(
            variable.getName(), variable.getValue().replace("$(POD_NAME)", pod(number)));
      } else if (variable.getValueFrom().getSecretKeyRef() != null) {
        var key = variable.getValueFrom().getSecretKeyRef();
        environment.put(variable.getName(), cluster.secret(key.getName(), key.getKey()));
      }
    }
    environment.put("PATH", folder.resolve("programs") + ":" + environment.get("PATH"));
    environment.put("POD_IP", address(number));
    environment.put("DATA", volume(number).toString());
    environment.put("BIND", address(number));
    environment.put("HERE", address(number));
    environment.put("DOWN_AFTER", "3000");
    environment.put("FAILOVER_TIMEOUT", "6000");
    return builder;
  }

  private boolean answersAsReady(int number) throws IOException, InterruptedException {
    Container redis = containers().getFirst();
    String probe = redis.getReadinessProbe().getExec().getCommand().getLast();
    List<String> words =
        List.of("sh", "-c", probe.replace("redis-cli ", "redis-cli -h " + address(number) + " "));
    Process process =
        builder(number, redis, words).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    if (!process.waitFor(5, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      return false;
    }
    return process.exitValue() == 0;
  }

  private Pod object(int number) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(pod(number))
        .withNamespace(MockCluster.NAMESPACE)
        .withLabels(set.getSpec().getTemplate().getMetadata().getLabels())
        .endMetadata()
        .withNewSpec()
        .withNodeName("node-1")
        .withContainers(containers())
        .endSpec()
        .withNewStatus()
        .withPhase("Running")
        .addNewCondition()
        .withType("Ready")
        .withStatus(ready.get(number) ? "True" : "False")
        .endCondition()
        .endStatus()
        .build();
  }

  /** For whoever reads a failed test: the last lines that each container printed. */
  synchronized String logs() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String key : running.keySet()) {
      List<String> lines = Files.readAllLines(folder.resolve(key + ".log"));
      all.append(key).append(":\n");
      lines.stream()
          .skip(Math.max(0, lines.size() - 8))
          .forEach(line -> all.append("  ").append(line).append('\n'));
    }
    return all.toString();
  }

  @Override
  public synchronized void close() {
    running.values().forEach(Process::destroyForcibly);
    running.values().forEach(process -> process.onExit().join());
  }
}
