package dev.piecework.cli.verb;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C and SIGTERM for verbs that must give leases back first. A first signal is handed to the
 * verb, which then ends by itself; a second ends the process at once. Verbs that do not ask are
 * ended by the JVM, with the same exit codes.
 */
public final class Signals {

  private static final AtomicInteger RECEIVED = new AtomicInteger();
  private static final List<Runnable> RESIZED = new CopyOnWriteArrayList<>();

  private Signals() {}

  private static volatile @Nullable Runnable second;

  /**
   * From now on the second signal runs this, and a third ends the process. For a verb that has
   * processes of its own to end first.
   */
  public static void onSecond(Runnable stopNow) {
    second = stopNow;
  }

  /** From now on the first signal runs this instead of ending the process. */
  public static void onFirst(Runnable stop) {
    handle("INT", ExitCode.INTERRUPTED, stop);
    handle("TERM", ExitCode.TERMINATED, stop);
  }

  /** From now on this is run whenever the terminal has another size. */
  public static void onResize(Runnable resized) {
    RESIZED.add(resized);
    if (RESIZED.size() == 1) {
      try {
        handle("WINCH", () -> RESIZED.forEach(Runnable::run));
      } catch (ReflectiveOperationException | IllegalArgumentException unsupported) {
        // The size stays what it was.
      }
    }
  }

  /** The signal that was received, or this: a process that was told to stop has not succeeded. */
  public static int codeOr(int otherwise) {
    int received = RECEIVED.get();
    return received == 0 ? otherwise : received;
  }

  public static boolean received() {
    return RECEIVED.get() != 0;
  }

  private static void handle(String signal, ExitCode code, Runnable stop) {
    try {
      handle(signal, () -> received(code, stop));
    } catch (ReflectiveOperationException | IllegalArgumentException unsupported) {
      Runtime.getRuntime().addShutdownHook(new Thread(stop));
    }
  }

  private static void received(ExitCode code, Runnable stop) {
    if (RECEIVED.compareAndSet(0, code.number())) {
      Thread.ofPlatform().daemon().name("stop").start(stop);
      return;
    }
    Runnable now = second;
    second = null;
    if (now != null) {
      Thread.ofPlatform().daemon().name("stop now").start(now);
    } else {
      Runtime.getRuntime().halt(code.number());
    }
  }

  // sun.misc.Signal is the only way to see a second Ctrl-C; the compiler warns of it wherever it is
  // named, and our warnings are errors.
  private static void handle(String signal, Runnable received) throws ReflectiveOperationException {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (!method.getName().equals("handle")) {
            return method.getName().equals("hashCode") ? (Object) 1 : (Object) false;
          }
          received.run();
          return null;
        };
    Class<?> signalClass = Class.forName("sun.misc.Signal");
    Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
    signalClass
        .getMethod("handle", signalClass, handlerClass)
        .invoke(
            null,
            signalClass.getConstructor(String.class).newInstance(signal),
            Proxy.newProxyInstance(
                Signals.class.getClassLoader(), new Class<?>[] {handlerClass}, handler));
  }
}
