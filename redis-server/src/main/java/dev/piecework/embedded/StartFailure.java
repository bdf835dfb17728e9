package dev.piecework.embedded;

import java.io.IOException;

/**
 * Why a server ended instead of serving, from what it said.
 *
 * @param complaint its last words
 */
record StartFailure(StateFolder folder, String complaint) {

  static StartFailure read(StateFolder folder) throws IOException {
    String complaint = RedisLog.lastComplaint(folder.log());
    for (String telling :
        new String[] {
          "Address already in use",
          "Can't handle RDB format version",
          "Bad file format",
          "Unexpected end of file",
          "No space left on device"
        }) {
      complaint = RedisLog.find(folder.log(), telling).orElse(complaint);
    }
    String errors = folder.read(folder.errors()).orElse("").strip();
    boolean silent = complaint.startsWith("it says nothing");
    return new StartFailure(
        folder, silent && !errors.isEmpty() ? errors.lines().toList().getLast() : complaint);
  }

  boolean isPortTaken() {
    return complaint.contains("Address already in use");
  }

  boolean isDamagedFile() {
    return complaint.contains("Bad file format") || complaint.contains("Unexpected end of file");
  }

  RedisServerException explained(RedisBinary binary) {
    if (complaint.contains("Can't handle RDB format version")) {
      return new RedisServerException(
          "the data in "
              + folder.data()
              + " was written by a newer Redis than "
              + binary.path()
              + ": name that one in "
              + RedisBinary.VARIABLE);
    }
    if (complaint.contains("No space left on device")) {
      return new RedisServerException(
          "the disk is full: Redis cannot write to " + folder.data() + "; make room and try again");
    }
    return new RedisServerException(
        "the embedded Redis ("
            + binary.path()
            + ", "
            + binary.origin()
            + ") with its data in "
            + folder.data()
            + " does not start: "
            + complaint);
  }
}
