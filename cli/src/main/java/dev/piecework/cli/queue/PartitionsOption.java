package dev.piecework.cli.queue;

import dev.piecework.QueueSettings;
import dev.piecework.Setting;
import dev.piecework.WorkQueue;
import dev.piecework.cli.output.Figures;
import dev.piecework.cli.verb.OptionWords;
import dev.piecework.cli.verb.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** In how many parts a queue is made, by the verb that creates it. */
public final class PartitionsOption {

  private @Nullable Integer partitions;

  @Mixin
  @SuppressWarnings("unused") // picocli reads it
  private final CommandSpec options = CommandSpec.create();

  public PartitionsOption() {
    SettingOption.add(options, Setting.PARTITIONS, value -> partitions = (Integer) value);
  }

  /** What to create the queue with. */
  public QueueSettings in(QueueSettings settings) {
    Integer wanted = partitions;
    try {
      return wanted == null ? settings : settings.withPartitions(wanted);
    } catch (IllegalArgumentException wrong) {
      throw Refusal.usage("--" + wrong.getMessage(), wrong);
    }
  }

  /** What is asked for where nobody said. */
  public void unlessGiven(int count) {
    if (partitions == null && count > 1) {
      partitions = count;
    }
  }

  /** Whether more than one was asked for. */
  public boolean several() {
    return partitions != null && partitions > 1;
  }

  /** The option again, as words for another {@code piecework}. */
  public List<String> optionWords() {
    OptionWords written = new OptionWords();
    written.add("--" + Setting.PARTITIONS, partitions);
    return written.list();
  }

  /** Of a queue that is there already, another number than it has is refused. */
  public void check(WorkQueue open) {
    int stored = open.settings().partitions();
    Integer wanted = partitions;
    if (wanted != null && wanted != stored) {
      throw Refusal.usage(
          "queue '"
              + open.name()
              + "' has "
              + Figures.count(stored, "partition")
              + ", not "
              + wanted
              + "; that never changes: leave out --partitions, or use another queue");
    }
  }

  /** For what works on a queue in one part only. */
  public static void refuse(WorkQueue open, String what, String instead) {
    int stored = open.settings().partitions();
    if (stored > 1) {
      throw Refusal.usage(
          what
              + " is not to be had for queue '"
              + open.name()
              + "', which has "
              + stored
              + " partitions; "
              + instead);
    }
  }
}
