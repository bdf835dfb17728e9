package dev.piecework.embedded;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of 127.0.0.1 for servers. They are below those that systems give to outgoing connections by
 * default (Linux: from 32768, others: from 49152): what is started again on its port rarely finds
 * it taken.
 */
final class Ports {
  private static final int LOWEST = 10_000;
  private static final int HIGHEST = 32_767;

  /** Redis keeps this distance between a node's port and the one for other nodes of a Cluster. */
  private static final int BUS = 10_000;

  private static final int TRIES = 200;

  private Ports() {}

  /** One that was free a moment ago. */
  static int free() {
    return free(HIGHEST, 0);
  }

  /** Likewise, and the one that a node of a Cluster listens on as well. */
  static int freeWithBus() {
    return free(HIGHEST - BUS, BUS);
  }

  private static int free(int highest, int other) {
    try {
      for (int i = 0; i < TRIES; i++) {
        int port = ThreadLocalRandom.current().nextInt(LOWEST, highest + 1);
        if (isFree(port) && (other == 0 || isFree(port + other))) {
          return port;
        }
      }
      throw new RedisServerException("no free port on 127.0.0.1 from " + LOWEST);
    } catch (IOException e) {
      throw new RedisServerException("no free port on 127.0.0.1: " + Reason.of(e), e);
    }
  }

  private static boolean isFree(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket(port, 1, RespConnection.loopback())) {
      return socket.isBound();
    } catch (BindException taken) {
      return false;
    }
  }
}
