package dev.piecework.cli.dashboard;

import dev.piecework.TlsFiles;
import dev.piecework.cli.queue.SettingsOptions;
import dev.piecework.cli.redis.Connection;
import dev.piecework.cli.redis.RedisOptions;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Signals;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.cli.verb.Verb;
import dev.piecework.cli.verb.Version;
import dev.piecework.dashboard.Dashboard;
import dev.piecework.dashboard.DashboardConfig;
import dev.piecework.dashboard.DashboardConfig.Listen;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    footer = {
      "",
      "Prints the address to open, with a token that lets in whoever knows it, and serves until Ctrl-C.",
      "From another machine: ssh -L 8080:127.0.0.1:PORT HOST, and open it as localhost:8080.",
      "",
      "Example:",
      "  piecework ui --open",
      "  piecework ui job2 --read-only",
      "  piecework ui --bind 0.0.0.0 --port 8443 --token-file t --tls-cert-file c.pem --tls-key-file k.pem"
    })
public final class UiVerb extends Verb {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "QUEUE",
      description = "The queue to show at first; without it, all are listed.")
  @Nullable String queue;

  @Option(names = "--port", paramLabel = "N", description = "Default: any that is free.")
  int port;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      description =
          "Listen there instead of on this machine alone; needs --token-file, and either the files"
              + " for TLS or --behind-proxy.")
  String bind = "127.0.0.1";

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Its first line is the token, of 16 characters or more; default: a new one.")
  @Nullable Path tokenFile;

  @Option(
      names = "--tls-cert-file",
      paramLabel = "FILE",
      description = "A certificate (PEM), and those above it: the page is served by HTTPS.")
  @Nullable Path certificate;

  @Option(
      names = "--tls-key-file",
      paramLabel = "FILE",
      description = "Its private key (PEM, PKCS #8, unencrypted).")
  @Nullable Path key;

  @Option(
      names = "--behind-proxy",
      description = "Browsers come by HTTPS to a proxy, which passes on their Host header.")
  boolean behindProxy;

  @Option(
      names = "--host",
      paramLabel = "NAME",
      description = "A name under which the page is asked, beside localhost and addresses.")
  List<String> hosts = new ArrayList<>();

  @Option(names = "--read-only", description = "Nothing can be changed from the page.")
  boolean readOnly;

  @Option(names = "--open", description = "Open it in this machine's browser.")
  boolean open;

  @Mixin RedisOptions redis = new RedisOptions();

  @Override
  public ExitCode run(Terminal terminal) throws Exception {
    Listen listen = listen();
    String token = tokenFile == null ? Tokens.fresh() : Tokens.in(tokenFile);
    CountDownLatch stopped = new CountDownLatch(1);
    Signals.onFirst(stopped::countDown);
    String one = queue == null ? "" : queue;
    // Any name will do to ask for the others: nothing is created.
    try (Connection connection =
            redis.connect(terminal, one.isEmpty() ? "piecework" : one, SettingsOptions.OURS);
        ConnectedQueues queues = new ConnectedQueues(connection);
        Dashboard dashboard =
            start(queues, new DashboardConfig(listen, token, readOnly, Version.text()))) {
      terminal.print(tokenFile == null ? dashboard.url(one) : dashboard.urlWithoutToken(one));
      terminal.flush();
      terminal.say(whatItSays(listen, connection.queue().admin().server()));
      try (BrowserStart _ = open ? BrowserStart.with(dashboard.url(one), terminal) : null) {
        stopped.await();
      }
    }
    return ExitCode.DONE;
  }

  private static Dashboard start(ConnectedQueues queues, DashboardConfig config) {
    try {
      return Dashboard.start(queues, new VerbFormats(), config, InstantSource.system());
    } catch (IllegalArgumentException wrong) {
      throw Refusal.usage(String.valueOf(wrong.getMessage()), wrong);
    }
  }

  private Listen listen() {
    if (port < 0 || port > 65_535) {
      throw Refusal.usage("--port " + port + " is not 0 to 65535");
    }
    if ((certificate == null) != (key == null)) {
      throw Refusal.usage("--tls-cert-file and --tls-key-file go together");
    }
    boolean loopback = Loopback.isOne(bind);
    if (!loopback && tokenFile == null) {
      throw Refusal.usage("--bind " + bind + " lets other machines in: say --token-file FILE too");
    }
    if (!loopback && certificate == null && !behindProxy) {
      throw Refusal.usage(
          "--bind "
              + bind
              + " would send the token in the clear: say --tls-cert-file and"
              + " --tls-key-file, or --behind-proxy where a proxy before it speaks TLS");
    }
    return new Listen(
        bind,
        port,
        new TlsFiles(null, certificate, key),
        behindProxy,
        hosts.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList());
  }

  private String whatItSays(Listen listen, String server) {
    String can = readOnly ? "can look at" : "can look at, pause, requeue and drop";
    String who =
        Loopback.isOne(listen.address())
            ? "whoever knows this address, on this machine,"
            : "whoever reaches " + listen.address() + " and knows the token in " + tokenFile;
    return who + " " + can + " all queues of " + server + "; Ctrl-C ends it";
  }
}
