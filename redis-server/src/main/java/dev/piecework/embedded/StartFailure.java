package dev.piecework.embedded;

/**
 * Why a server ended instead of serving, from what it said.
 *
 * @param complaint its last words
 */
record StartFailure(StateFolder folder, String complaint) {
  private static final int ROOM_TO_START = 64 * 1024;

  static StartFailure read(StateFolder folder) {
    return new StartFailure(folder, RedisLog.lastComplaint(folder.log(), folder.errors()));
  }

  boolean isPortTaken() {
    return isPortTaken(complaint);
  }

  static boolean isPortTaken(String complaint) {
    return complaint.contains("Address already in use") || complaint.contains("Address in use");
  }

  boolean isDamagedFile() {
    return complaint.contains("Bad file format") || complaint.contains("Unexpected end of file");
  }

  RedisServerException explained(RedisBinary binary) {
    if (complaint.contains("Can't handle RDB format version")) {
      return new RedisServerException(
          "the data in "
              + folder.data()
              + " was written by a newer or another server than "
              + binary.path()
              + ": name that one in "
              + RedisBinary.VARIABLE);
    }
    if (complaint.contains("Disk quota exceeded")) {
      return new RedisServerException(
          "your quota is used up: Redis cannot write to "
              + folder.data()
              + "; make room and try again");
    }
    if (complaint.contains("No space left on device") || isDiskFull()) {
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
            + complaint
            + "; "
            + RedisBinary.VARIABLE
            + " names another server");
  }

  /** Then it cannot even say so in its log. */
  private boolean isDiskFull() {
    return folder.path().toFile().getUsableSpace() < ROOM_TO_START;
  }
}
