package dev.piecework.dashboard;

import dev.piecework.journal.Journal;
import dev.piecework.journal.SampledAttempt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The workers that a block names, each once: a sample of 2,000 attempts says by number who made
 * each. An empty name, of workers that are counted together, has the number -1.
 */
record WorkerNumbers(List<String> names, Map<String, Integer> numbers) {

  static WorkerNumbers of(Journal journal) {
    TreeSet<String> all = new TreeSet<>(journal.timesByWorker().keySet());
    journal.sample().stream().map(SampledAttempt::worker).forEach(all::add);
    all.remove("");
    List<String> names = new ArrayList<>(all);
    Map<String, Integer> numbers = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      numbers.put(names.get(i), i);
    }
    return new WorkerNumbers(names, numbers);
  }

  int of(String name) {
    return numbers.getOrDefault(name, -1);
  }
}
