package dev.piecework.cli.throttle;

import dev.piecework.worker.SlotLoop;
import dev.piecework.worker.Supply;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Commands with a lower priority for the processor. On Linux a niceness is a thread's, and who is
 * started inherits it from the thread that starts: so the slots have it, and the heartbeat does
 * not.
 */
final class NiceLoop implements SlotLoop {

  /** Of sys/resource.h: the caller's own thread is 0. */
  private static final int PRIO_PROCESS = 0;

  private final SlotLoop loop;
  private final int niceness;
  private final MethodHandle setpriority;

  @SuppressWarnings("restricted") // numbers in, a number out: no memory is touched
  NiceLoop(SlotLoop loop, int niceness) {
    this.loop = loop;
    this.niceness = niceness;
    Linker linker = Linker.nativeLinker();
    this.setpriority =
        linker.downcallHandle(
            linker.defaultLookup().find("setpriority").orElseThrow(),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT));
  }

  @Override
  public void run(int slot, Supply supply) throws InterruptedException {
    try {
      int _ = (int) setpriority.invokeExact(PRIO_PROCESS, 0, niceness);
    } catch (Throwable never) { // what a handle of a C function is declared to throw
      throw new IllegalStateException(never);
    }
    loop.run(slot, supply);
  }
}
