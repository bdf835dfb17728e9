package dev.piecework.drill;

import java.util.List;

/** Where a drill is run: the Redis, and how processes reach it. */
public interface DrillEnvironment {

  /** Where a process finds Redis; each may have a way of its own. */
  Place place(String who);

  /** The command line that starts a process, given the one that would. */
  default List<String> command(String who, List<String> java) {
    return java;
  }
}
