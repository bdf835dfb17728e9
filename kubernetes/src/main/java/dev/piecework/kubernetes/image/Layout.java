package dev.piecework.kubernetes.image;

import java.util.List;

/** Where everything is in a worker image, and how its Java is started. */
final class Layout {

  static final String HOME = "/opt/piecework";
  static final String LIB = HOME + "/lib";
  static final String JRE = HOME + "/jre";
  static final String FLAGS = HOME + "/java.args";
  static final String AOT = HOME + "/piecework.aot";
  static final String MAIN = "dev.piecework.cli.Main";

  /** Who a worker is: not root, and the number that distroless images call nonroot. */
  static final String USER = "65532:65532";

  private Layout() {}

  /**
   * How Java runs a worker; kept in a file, so that an entry point in exec form stays short. A
   * quarter of the memory limit is heap: the commands need the rest. The JVM's own warnings would
   * go to stdout, among the results.
   *
   * @param lib where the jars are: in the image, or where the cache is recorded
   */
  static List<String> javaFlags(String lib, List<String> jars) {
    return List.of(
        "-XX:+UseSerialGC",
        "-XX:MaxRAMPercentage=25",
        "-XX:MinRAMPercentage=25",
        "-Xlog:disable",
        "-Xlog:all=error,aot*=off,cds*=off:stderr",
        "-Dstdout.encoding=UTF-8",
        "-Dstderr.encoding=UTF-8",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        String.join(":", jars.stream().map(jar -> lib + "/" + jar).toList()));
  }
}
