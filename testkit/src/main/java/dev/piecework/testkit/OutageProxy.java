package dev.piecework.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A network between a client and a Redis that a test breaks by hand. Listens on 127.0.0.1.
 *
 * <pre>{@code
 * try (OutageProxy network = OutageProxy.to(redis)) {
 *   client = connect(network.uri());
 *   network.cutInReply(3);  // the third reply from now ends after its first byte
 *   network.cut();          // connections are reset, new ones refused
 *   network.pass();         // and all is well again
 * }
 * }</pre>
 */
public final class OutageProxy implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final String targetHost;
  private final int targetPort;
  private final String uri;
  private final int port;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final AtomicInteger repliesToCut = new AtomicInteger();
  private final Object change = new Object();
  private boolean stalled;
  // Read by who accepts without the lock: cut() holds it while it waits for that thread.
  private volatile boolean hangsUp;
  private final AtomicInteger hungUp = new AtomicInteger();
  private Duration delay = Duration.ZERO;
  private int bytesPerSecond;
  private @Nullable ServerSocket listening;
  private @Nullable Thread accepting;
  private @Nullable Socket closedPort;
  private boolean ended;

  private OutageProxy(String host, int targetPort, String uri) {
    this.targetHost = host;
    this.targetPort = targetPort;
    try {
      this.port = open(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.uri = uri.replace(":" + targetPort, ":" + port);
  }

  /** A way to that server. */
  public static OutageProxy to(TestRedis redis) {
    return new OutageProxy("127.0.0.1", redis.port(), redis.uri());
  }

  /** A way to anything that listens there. */
  public static OutageProxy to(String host, int port) {
    return new OutageProxy(host, port, "redis://127.0.0.1:" + port);
  }

  /** The URI of the server, by way of this proxy. */
  public String uri() {
    return uri;
  }

  public int port() {
    return port;
  }

  /** How many connections go through it now. */
  public int connections() {
    return links.size();
  }

  /** All is well, from now on: nothing is lost that was stalled. */
  public void pass() {
    synchronized (change) {
      stalled = false;
      hangsUp = false;
      delay = Duration.ZERO;
      bytesPerSecond = 0;
      repliesToCut.set(0);
      if (listening == null && !ended) {
        try {
          open(port);
        } catch (IOException e) {
          throw new UncheckedIOException("cannot listen on port " + port + " again", e);
        }
      }
      change.notifyAll();
    }
  }

  /** Resets all connections and refuses new ones, until {@link #pass}. */
  public void cut() {
    synchronized (change) {
      if (listening != null) {
        close(listening);
        listening = null;
        // The port is let go of only when nobody waits in accept any more.
        join(accepting);
        closedPort = holdPort();
      }
    }
    resetConnections();
  }

  /** Resets all connections; new ones are welcome. */
  public void resetConnections() {
    links.forEach(Link::reset);
  }

  /** Connections stay and are accepted, but nothing goes through, until {@link #pass}. */
  public void stall() {
    synchronized (change) {
      stalled = true;
    }
  }

  /**
   * Takes connections and ends each in good order before a byte is answered, as a balancer does
   * whose servers are all away, until {@link #pass}. Those that there are stay.
   */
  public void hangUp() {
    synchronized (change) {
      hangsUp = true;
      hungUp.set(0);
    }
  }

  /** How many connections were ended since {@link #hangUp}. */
  public int hungUp() {
    return hungUp.get();
  }

  /** Everything takes that much longer, each way. */
  public void delay(Duration eachWay) {
    synchronized (change) {
      delay = eachWay;
    }
  }

  /** No more than so many bytes a second go through each connection, each way. */
  public void throttle(int bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("bytes " + bytes + " must be 1 or more");
    }
    synchronized (change) {
      bytesPerSecond = bytes;
    }
  }

  /**
   * Lets the n-th reply from now, over all connections, end after its first byte: that connection
   * is reset, and what the server did is unknown to the client.
   */
  public void cutInReply(int n) {
    if (n < 1) {
      throw new IllegalArgumentException("n " + n + " must be 1 or more");
    }
    repliesToCut.set(n);
  }

  @Override
  public void close() {
    synchronized (change) {
      ended = true;
    }
    cut();
    synchronized (change) {
      close(closedPort);
      change.notifyAll();
    }
  }

  private int open(int wanted) throws IOException {
    close(closedPort);
    closedPort = null;
    ServerSocket opened = bound(wanted);
    listening = opened;
    accepting = Thread.ofVirtual().name("outage-proxy-accept").start(() -> accept(opened));
    return opened.getLocalPort();
  }

  // Between letting go of the port and listening on it a call of somebody's may have got it.
  private static ServerSocket bound(int wanted) throws IOException {
    long end = System.nanoTime() + TIMEOUT.toNanos();
    while (true) {
      ServerSocket opened = new ServerSocket();
      try {
        opened.setReuseAddress(true);
        opened.bind(new InetSocketAddress(loopback(), wanted));
        return opened;
      } catch (BindException taken) {
        close(opened);
        if (System.nanoTime() > end) {
          throw taken;
        }
        LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
      }
    }
  }

  /** Bound but not listening: connections are refused, and nobody else gets the port. */
  private @Nullable Socket holdPort() {
    Socket held = new Socket();
    try {
      held.setReuseAddress(true);
      held.bind(new InetSocketAddress(loopback(), port));
      return held;
    } catch (IOException e) {
      close(held); // the port is not held, but refuses all the same
      return null;
    }
  }

  private static InetAddress loopback() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }

  private void accept(ServerSocket socket) {
    while (!socket.isClosed()) {
      Socket client = null;
      try {
        client = socket.accept();
        if (hangsUp) {
          Socket caller = client;
          Thread.ofVirtual().name("outage-proxy-hang-up").start(() -> hangUpOn(caller));
          continue;
        }
        new Link(client, new Socket(targetHost, targetPort)).start();
      } catch (IOException e) {
        // Either we were closed, or the server is not there: then the client sees just that.
        reset(client);
      }
    }
  }

  // With unread bytes a close would be a reset, which is something else.
  private void hangUpOn(Socket client) {
    try (client) {
      client.shutdownOutput();
      hungUp.incrementAndGet();
      client.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // The client was faster.
    }
  }

  private static void join(@Nullable Thread thread) {
    if (thread != null) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void reset(@Nullable Socket socket) {
    if (socket != null) {
      try {
        socket.setSoLinger(true, 0); // makes the close a reset
      } catch (IOException e) {
        // closed already
      }
      close(socket);
    }
  }

  private static void close(@Nullable AutoCloseable socket) {
    if (socket != null) {
      try {
        socket.close();
      } catch (Exception e) {
        // It is gone, which was the aim.
      }
    }
  }

  /** Returns when so many bytes may go on. */
  private void pause(int bytes) throws InterruptedException {
    Duration wait;
    synchronized (change) {
      while (stalled && !ended) {
        change.wait();
      }
      wait = bytesPerSecond == 0 ? delay : delay.plusMillis(1_000L * bytes / bytesPerSecond);
    }
    if (!wait.isZero()) {
      Thread.sleep(wait);
    }
  }

  /** One client's connection and the one that continues it. */
  private final class Link {
    private final Socket client;
    private final Socket server;
    private final ReplyScanner replies = new ReplyScanner();

    Link(Socket client, Socket server) throws IOException {
      this.client = client;
      this.server = server;
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
    }

    void start() {
      links.add(this);
      Thread.ofVirtual().name("outage-proxy-out").start(() -> copy(client, server, false));
      Thread.ofVirtual().name("outage-proxy-in").start(() -> copy(server, client, true));
    }

    void reset() {
      links.remove(this);
      OutageProxy.reset(client);
      OutageProxy.reset(server);
    }

    private void copy(Socket from, Socket to, boolean isReplies) {
      byte[] bytes = new byte[1 << 16];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
          pause(n);
          int cutAt = isReplies ? whereToCut(bytes, n) : -1;
          out.write(bytes, 0, cutAt < 0 ? n : cutAt + 1);
          if (cutAt >= 0) {
            to.shutdownOutput(); // a reset alone might overtake that byte
            reset();
          }
        }
        to.shutdownOutput();
      } catch (IOException e) {
        reset();
      } catch (InterruptedException e) {
        reset();
        Thread.currentThread().interrupt();
      }
      if (isReplies) {
        links.remove(this);
        OutageProxy.close(client);
        OutageProxy.close(server);
      }
    }

    private int whereToCut(byte[] bytes, int length) {
      for (int i = 0; i < length; i++) {
        if (replies.begins(bytes[i])
            && repliesToCut.get() > 0
            && repliesToCut.decrementAndGet() == 0) {
          return i;
        }
      }
      return -1;
    }
  }
}
