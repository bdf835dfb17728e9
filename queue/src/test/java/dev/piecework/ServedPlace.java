package dev.piecework;

import dev.piecework.testkit.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A place on one server program. It is started once, when it is first needed. */
final class ServedPlace {

  /** What was started, and how it is reached. */
  record Started(String uri, TlsFiles tls, Object kept) {
    Started(String uri, Object kept) {
      this(uri, TlsFiles.NONE, kept);
    }
  }

  private static final List<ServedPlace> ON_NAMED = new ArrayList<>();

  private final Place kind;
  private final @Nullable TestServer server;
  private @Nullable Started started;

  /**
   * @param server the program, or null for the one that is found here
   */
  ServedPlace(Place kind, @Nullable TestServer server) {
    this.kind = kind;
    this.server = server;
  }

  /**
   * These places, on the server that is found here and then on each that {@value
   * TestServer#VARIABLE} names.
   */
  static List<ServedPlace> all(Place... kinds) {
    List<ServedPlace> all = new ArrayList<>();
    Stream.of(kinds).map(Place::here).forEach(all::add);
    onNamed().stream().filter(each -> List.of(kinds).contains(each.kind)).forEach(all::add);
    return all;
  }

  // Their servers end with this process: one set for all suites. Each suite fails where one cannot
  // be had, and says which.
  private static synchronized List<ServedPlace> onNamed() {
    if (ON_NAMED.isEmpty()) {
      for (TestServer server : TestServer.named()) {
        Stream.of(Place.values())
            .filter(kind -> kind != Place.OLDEST_6_2)
            .map(kind -> new ServedPlace(kind, server))
            .forEach(ON_NAMED::add);
      }
    }
    return ON_NAMED;
  }

  Place kind() {
    return kind;
  }

  /** The same queue here. */
  QueueConfig config(QueueConfig config) {
    QueueConfig.Access access = config.access();
    Started here = started();
    return new QueueConfig(
        here.uri(),
        config.name(),
        Bench.timeout(),
        Bench.SETTINGS,
        new QueueConfig.Access(
            null, here.tls(), access.clientName(), access.clock(), access.notices()));
  }

  String uri() {
    return started().uri();
  }

  private synchronized Started started() {
    Started known = started;
    if (known == null) {
      TestServer named = server;
      known = named == null ? kind.start() : named.starting(kind::start);
      started = known;
    }
    return known;
  }

  @Override
  public String toString() {
    return server == null ? kind.name() : kind + " on " + server;
  }
}
