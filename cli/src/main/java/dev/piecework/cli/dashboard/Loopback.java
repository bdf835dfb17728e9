package dev.piecework.cli.dashboard;

import dev.piecework.cli.verb.Refusal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Whether an address can be reached from this machine alone. */
final class Loopback {

  private Loopback() {}

  static boolean isOne(String address) {
    try {
      return !address.isBlank()
          && Arrays.stream(InetAddress.getAllByName(address))
              .allMatch(InetAddress::isLoopbackAddress);
    } catch (UnknownHostException unknown) {
      throw Refusal.usage("--bind " + address + ": there is no such address", unknown);
    }
  }
}
