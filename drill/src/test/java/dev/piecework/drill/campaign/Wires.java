package dev.piecework.drill.campaign;

import dev.piecework.drill.Fault;
import dev.piecework.drill.FaultContext;
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
        lasting("network cut", (context, wire) -> wire.cut()),
        lasting("network stalled", (context, wire) -> wire.stall()),
        lasting(
            "network delayed",
            (context, wire) -> wire.delay(Duration.ofMillis(20 + context.random().nextInt(150)))),
        lasting(
            "network throttled",
            (context, wire) -> wire.throttle(5_000 + context.random().nextInt(50_000))),
        fault("connections reset", (context, wire) -> wire.resetConnections()),
        fault(
            "reset in the middle of a reply",
            (context, wire) -> wire.cutInReply(1 + context.random().nextInt(5))),
        new NamedFault(
            "paused in the middle of a call", FaultContext::hasWorker, this::pauseInACall));
  }

  // What was sent goes on its way, and who sent it is not there when the answer comes.
  private void pauseInACall(FaultContext context) throws Exception {
    String worker = context.anyWorker().orElse("");
    OutageProxy wire = wires.get(worker);
    if (wire != null) {
      wire.stall();
      Thread.sleep(30);
      context.freezeWorker(worker, Fault.longerThan(context.plan().lapse()));
      wire.pass();
    }
  }

  private Fault fault(String kind, BiConsumer<FaultContext, OutageProxy> act) {
    return new NamedFault(
        kind,
        FaultContext::hasWorker,
        context -> {
          String worker = context.anyWorker().orElse("");
          OutageProxy wire = wires.get(worker);
          if (wire != null) {
            context.injected(worker);
            act.accept(context, wire);
          }
        });
  }

  // Some end before the lapse, some after it.
  private Fault lasting(String kind, BiConsumer<FaultContext, OutageProxy> act) {
    return fault(
        kind,
        (context, wire) -> {
          act.accept(context, wire);
          long lapse = context.plan().lapse().toMillis();
          long millis = 100 + context.random().nextLong(2 * lapse);
          context.later(Duration.ofMillis(millis), wire::pass);
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
