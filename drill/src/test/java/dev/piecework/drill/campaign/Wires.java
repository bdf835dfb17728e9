package dev.piecework.drill.campaign;

import dev.piecework.drill.Fault;
import dev.piecework.drill.Scene;
import dev.piecework.testkit.OutageProxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** A network in which each process has a wire of its own to Redis, to be broken by itself. */
final class Wires implements AutoCloseable {

  private final int port;
  private final Map<String, OutageProxy> wires = new ConcurrentHashMap<>();

  Wires(int port) {
    this.port = port;
  }

  String uriFor(String who) {
    return wires.computeIfAbsent(who, w -> OutageProxy.to("127.0.0.1", port)).uri();
  }

  List<Fault> faults() {
    return List.of(
        lasting("network cut", (scene, wire) -> wire.cut()),
        lasting("network stalled", (scene, wire) -> wire.stall()),
        lasting(
            "network delayed",
            (scene, wire) -> wire.delay(Duration.ofMillis(20 + scene.random().nextInt(150)))),
        lasting(
            "network throttled",
            (scene, wire) -> wire.throttle(5_000 + scene.random().nextInt(50_000))),
        fault("connections reset", (scene, wire) -> wire.resetConnections()),
        fault(
            "reset in the middle of a reply",
            (scene, wire) -> wire.cutInReply(1 + scene.random().nextInt(5))),
        new NamedFault("paused in the middle of a call", Scene::hasWorker, this::pauseInACall));
  }

  // What was sent goes on its way, and who sent it is not there when the answer comes.
  private void pauseInACall(Scene scene) throws Exception {
    String worker = scene.anyWorker().orElse("");
    OutageProxy wire = wires.get(worker);
    if (wire != null) {
      wire.stall();
      Thread.sleep(30);
      scene.freezeWorker(worker, Fault.longerThan(scene.plan().leaseTimeout()));
      wire.pass();
    }
  }

  private Fault fault(String kind, BiConsumer<Scene, OutageProxy> act) {
    return new NamedFault(
        kind,
        Scene::hasWorker,
        scene -> {
          String worker = scene.anyWorker().orElse("");
          OutageProxy wire = wires.get(worker);
          if (wire != null) {
            scene.strikes(worker);
            act.accept(scene, wire);
          }
        });
  }

  // Some end before the lease timeout, some after it.
  private Fault lasting(String kind, BiConsumer<Scene, OutageProxy> act) {
    return fault(
        kind,
        (scene, wire) -> {
          act.accept(scene, wire);
          long leaseTimeout = scene.plan().leaseTimeout().toMillis();
          long millis = 100 + scene.random().nextLong(2 * leaseTimeout);
          scene.later(Duration.ofMillis(millis), wire::pass);
        });
  }

  /** Forgets the wires of a bag that is done. */
  void clear() {
    wires.values().forEach(OutageProxy::close);
    wires.clear();
  }

  @Override
  public void close() {
    clear();
  }
}
