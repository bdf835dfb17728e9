package dev.piecework.worker.process;

import java.util.List;

/**
 * Sends items to Python children that echo them: {@code ChildBench [items] [rounds] [slots]}.
 * Prints items per second, start of the children included, round by round, for a child that flushes
 * each answer and for one that answers what it has read at once.
 */
final class ChildBench {
  private static final String LINE_BY_LINE =
      """
      import sys, json
      for line in sys.stdin:
          item = json.loads(line)
          print(json.dumps({"id": item["id"], "result": item["payload"]}), flush=True)
      """;

  private static final String BY_CHUNKS =
      """
      import os, json
      rest = b""
      while True:
          chunk = os.read(0, 1 << 16)
          if not chunk: break
          *lines, rest = (rest + chunk).split(b"\\n")
          items = json.loads(b"[" + b",".join(lines) + b"]")
          if items:
              answers = [{"id": item["id"], "result": item["payload"]} for item in items]
              text = json.dumps(answers)[1:-1].replace('"}, {"', '"}\\n{"') + "\\n"
              os.write(1, text.encode())
      """;

  private ChildBench() {}

  public static void main(String[] args) throws Exception {
    int items = args.length > 0 ? Integer.parseInt(args[0]) : 300_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    int slots = args.length > 2 ? Integer.parseInt(args[2]) : 1;
    for (int round = 0; round < rounds; round++) {
      report("flush per answer, window 64", LINE_BY_LINE, 64, items, slots);
      report("answers by chunks, window 64", BY_CHUNKS, 64, items, slots);
      report("answers by chunks, window 1000", BY_CHUNKS, 1000, items, slots);
    }
  }

  private static void report(String name, String program, int window, int items, int slots)
      throws Exception {
    CommandConfig config =
        CommandConfig.of(CommandTemplate.of(List.of("python3", "-c", program)), "bench");
    long begin = System.nanoTime();
    CommandBench.drive(new ChildLoop(config, window), items, slots);
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.out.printf("%-32s %8.0f items/s%n", name, items / seconds);
  }
}
