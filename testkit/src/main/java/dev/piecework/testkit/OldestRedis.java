package dev.piecework.testkit;

import dev.piecework.embedded.RedisBinary;

/**
 * The oldest Redis that is supported, 6.2. It is in {@code
 * com.github.codemonstur:embedded-redis:1.4.4}, which has to be on the class path, for Linux on
 * x86-64 with OpenSSL 3.
 */
public final class OldestRedis {

  private OldestRedis() {}

  /** The program, unpacked once into the cache folder of this user. */
  public static RedisBinary binary() {
    return RedisBinary.unpacked(
        "/redis-server-6.2.6-v5-linux-amd64", // the name says 6.2.6, the program itself 6.2.11
        "1f716094e08a25faee2bc7626feb9e13464ed89018ac5c376c5e9cff06bdcf52",
        9_701_528);
  }
}
