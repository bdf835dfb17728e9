package dev.piecework.amqp;

import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import dev.piecework.embedded.PrivateRedis;
import dev.piecework.testkit.TlsRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A RabbitMQ of its own, in a folder, on ports that nobody else has, with TLS and without. */
public final class RabbitServer implements AutoCloseable {

  private static final String PROGRAMS = "/usr/lib/rabbitmq/bin/";
  private static final Duration LONGEST = Duration.ofMinutes(3);
  private static final int TRIES = 3;

  private final Path folder;
  private final int port;
  private final int names;
  private final int distribution;
  private final int tlsPort;
  private @Nullable Process nameServer;
  private @Nullable Process process;

  private RabbitServer(Path folder, int... ports) {
    this.folder = folder;
    this.port = ports[0];
    this.names = ports[1];
    this.distribution = ports[2];
    this.tlsPort = ports[3];
  }

  public static RabbitServer started(Path folder) throws IOException {
    // A key and a certificate for this host, which is its own authority. Before ports are chosen:
    // it takes seconds, in which others may bind those.
    try (TlsRedis keys = TlsRedis.askingForCertificates("unused")) {
      Files.copy(keys.clientCertificate(), certificate(folder));
      Files.copy(keys.clientKey(), key(folder));
    }
    for (int tries = 1; ; tries++) {
      RabbitServer server = new RabbitServer(folder, freePorts());
      try {
        server.configure();
        server.startNameServer();
        server.start();
        return server;
      } catch (EndedAtItsStart ended) {
        server.close();
        if (tries == TRIES) {
          throw ended;
        }
      }
    }
  }

  /** Perhaps others had bound one of its ports by then. */
  private static final class EndedAtItsStart extends IllegalStateException {
    private static final long serialVersionUID = 1;

    EndedAtItsStart(String program, String said) {
      super(program + " ended at its start: " + said);
    }
  }

  private static Path certificate(Path folder) {
    return folder.resolve("certificate.pem");
  }

  private static Path key(Path folder) {
    return folder.resolve("key.pem");
  }

  private void configure() throws IOException {
    Files.writeString(
        folder.resolve("rabbitmq.conf"),
        """
        listeners.tcp.default = 127.0.0.1:%d
        listeners.ssl.default = 127.0.0.1:%d
        ssl_options.certfile = %s
        ssl_options.keyfile = %s
        """
            .formatted(port, tlsPort, caFile(), key(folder)));
  }

  private static int[] freePorts() {
    return IntStream.generate(PrivateRedis::freePort).distinct().limit(4).toArray();
  }

  // The broker would start one that goes on by itself, and does not end while it knows of a broker.
  private void startNameServer() throws IOException {
    ProcessBuilder builder = new ProcessBuilder("epmd");
    builder.environment().putAll(environment());
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    Process started = builder.start();
    nameServer = started;
    await()
        .atMost(LONGEST)
        .until(() -> {
          if (!started.isAlive()) {
            throw new EndedAtItsStart("epmd", "exit code " + started.exitValue());
          }
          try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), names)) {
            return true;
          } catch (IOException notYet) {
            return false;
          }
        });
  }

  void start() throws IOException {
    Path out = folder.resolve("out");
    ProcessBuilder builder =
        new ProcessBuilder(PROGRAMS + "rabbitmq-server")
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().putAll(environment());
    Process broker = builder.start();
    process = broker;
    await()
        .atMost(LONGEST)
        .until(() -> {
          if (!broker.isAlive()) {
            throw new EndedAtItsStart("rabbitmq-server", text(out));
          }
          try (Connection connection = connect()) {
            return connection.isOpen();
          } catch (IOException notYet) {
            return false;
          }
        });
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private Map<String, String> environment() {
    return Map.ofEntries(
        Map.entry("HOME", folder.toString()), // for the cookie
        Map.entry("RABBITMQ_NODENAME", "t" + port + "@localhost"),
        Map.entry("RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq.conf").toString()),
        Map.entry("RABBITMQ_CONF_ENV_FILE", folder.resolve("none").toString()),
        Map.entry("RABBITMQ_MNESIA_BASE", folder.resolve("db").toString()),
        Map.entry("RABBITMQ_LOG_BASE", folder.resolve("log").toString()),
        Map.entry("RABBITMQ_ENABLED_PLUGINS_FILE", folder.resolve("plugins").toString()),
        Map.entry("RABBITMQ_PID_FILE", folder.resolve("pid").toString()),
        Map.entry("RABBITMQ_DIST_PORT", String.valueOf(distribution)),
        Map.entry("RABBITMQ_SERVER_START_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}"),
        // One scheduler that does not spin: the tests beside it have the processors too.
        Map.entry("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "+S 1:1 +sbwt none"),
        Map.entry("ERL_EPMD_PORT", String.valueOf(names)),
        Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"));
  }

  void kill() throws InterruptedException {
    if (process != null) {
      // The script has a shell between itself and the broker.
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }

  public String uri(String queue) {
    return "amqp://127.0.0.1:" + port + "/" + queue;
  }

  public String tlsUri(String queue) {
    return "amqps://127.0.0.1:" + tlsPort + "/" + queue;
  }

  /** Whom to trust. */
  public Path caFile() {
    return certificate(folder);
  }

  Connection connect() throws IOException {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost("127.0.0.1");
    factory.setPort(port);
    try {
      return factory.newConnection();
    } catch (java.util.concurrent.TimeoutException slow) {
      throw new IOException(slow);
    }
  }

  /** Declares the queue, and publishes these in it, with these ids or none. */
  public void publish(String queue, List<String> bodies, List<String> ids) throws Exception {
    try (Connection connection = connect();
        Channel channel = connection.createChannel()) {
      channel.queueDeclare(queue, true, false, false, Collections.emptyMap());
      channel.confirmSelect();
      for (int i = 0; i < bodies.size(); i++) {
        AMQP.BasicProperties properties =
            MessageProperties.PERSISTENT_BASIC
                .builder()
                .messageId(ids.isEmpty() ? null : ids.get(i))
                .build();
        byte[] body = bodies.get(i).getBytes(StandardCharsets.UTF_8);
        channel.basicPublish("", queue, properties, body);
      }
      channel.waitForConfirmsOrDie(LONGEST.toMillis());
    }
  }

  public long waiting(String queue) throws Exception {
    try (Connection connection = connect();
        Channel channel = connection.createChannel()) {
      return channel.messageCount(queue);
    }
  }

  @Override
  public void close() {
    try {
      kill();
      if (nameServer != null) {
        nameServer.destroyForcibly().waitFor();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
