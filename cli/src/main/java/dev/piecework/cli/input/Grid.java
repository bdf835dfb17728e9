package dev.piecework.cli.input;

import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.LongStream;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * Items of the words behind a command, as GNU parallel has it: each {@code :::} begins a list, and
 * there is an item for each choice of one value of every list, the last list's changing fastest;
 * {@code :::+} begins a list whose values go along with those of the list before, as far as both
 * have some.
 *
 * <p>The items of one list are its values; those of several are records with fields 1, 2, ...
 */
public final class Grid {

  private static final String CROSSED = ":::";
  private static final String LINKED = ":::+";

  /** Lists that go along with each other, from where on their values have fields. */
  private record Group(List<List<byte[]>> lists, int length) {}

  private final List<Group> groups;
  private final int lists;
  private final long items;

  private Grid(List<Group> groups, int lists) {
    this.groups = groups;
    this.lists = lists;
    long count = 1;
    for (Group group : groups) {
      if (count > Long.MAX_VALUE / group.length) {
        throw Refusal.usage("::: " + lists + " lists make more items than can be counted");
      }
      count *= group.length;
    }
    items = count;
  }

  /** Whether some of these words are lists. */
  public static boolean isIn(List<String> words) {
    return words.contains(CROSSED) || words.contains(LINKED);
  }

  /** What is before the first list. */
  public static List<String> before(List<String> words) {
    int end = 0;
    while (end < words.size() && !isMark(words.get(end))) {
      end++;
    }
    return List.copyOf(words.subList(0, end));
  }

  private static boolean isMark(String word) {
    return word.equals(CROSSED) || word.equals(LINKED);
  }

  /** The lists in these words, of which there is at least one. */
  public static Grid of(List<String> words) {
    List<String> marked = words.subList(before(words).size(), words.size());
    List<byte[]> bytes = RawArguments.ofItems(marked);
    List<Group> groups = new ArrayList<>();
    int lists = 0;
    int at = 0;
    while (at < marked.size()) {
      boolean linked = marked.get(at).equals(LINKED);
      List<byte[]> values = new ArrayList<>();
      for (at++; at < marked.size() && !isMark(marked.get(at)); at++) {
        values.add(bytes.get(at));
      }
      lists++;
      if (values.isEmpty()) {
        throw Refusal.usage("list " + lists + " behind ::: is empty; is a variable not set?");
      }
      if (linked && groups.isEmpty()) {
        throw Refusal.usage(":::+ goes along with the list before it: begin with :::");
      }
      Group last = linked ? groups.removeLast() : new Group(List.of(), values.size());
      List<List<byte[]>> along = new ArrayList<>(last.lists);
      along.add(values);
      groups.add(new Group(along, Math.min(last.length, values.size())));
    }
    Grid grid = new Grid(groups, lists);
    grid.requireText();
    return grid;
  }

  /** A record is text; a single value may be anything. */
  private void requireText() {
    if (lists == 1) {
      return;
    }
    for (Group group : groups) {
      for (List<byte[]> list : group.lists) {
        for (byte[] value : list) {
          if (Printable.strictText(value).isEmpty()) {
            throw Refusal.usage(
                "'"
                    + Printable.typed(new String(value, StandardCharsets.UTF_8), 60)
                    + "' behind ::: is not UTF-8, which a record has to be; one list may be");
          }
        }
      }
    }
  }

  public boolean isOfRecords() {
    return lists > 1;
  }

  /** The names of the fields. */
  List<String> columns() {
    return LongStream.rangeClosed(1, lists).mapToObj(Long::toString).toList();
  }

  /** The same for the same lists. */
  String name() {
    StringBuilder all = new StringBuilder();
    for (Group group : groups) {
      all.append(CROSSED);
      for (List<byte[]> list : group.lists) {
        all.append(LINKED);
        for (byte[] value : list) {
          all.append('\0').append(new String(value, StandardCharsets.ISO_8859_1));
        }
      }
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(all.toString().getBytes(StandardCharsets.UTF_8));
      return CROSSED + " " + HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * The command for these items: where no argument has a place for a record, its fields follow, and
   * <code>{1}</code> of a single list is the item.
   *
   * @param place what stands for the item
   * @param follows whether the item, where it has no place, becomes an argument
   */
  public List<String> completed(List<String> command, String place, boolean follows) {
    if (lists == 1) {
      return command.stream()
          .map(word -> word.replaceAll("(?<!\\$)\\{1\\}", Matcher.quoteReplacement(place)))
          .toList();
    }
    if (!follows || command.isEmpty()) {
      return command;
    }
    List<String> all = new ArrayList<>(command);
    columns().forEach(column -> all.add("{" + column + "}"));
    return all;
  }

  /** Its payloads, in their order. */
  public Iterator<byte[]> payloads() {
    return LongStream.range(0, items).mapToObj(this::payload).iterator();
  }

  private byte[] payload(long number) {
    List<byte[]> values = new ArrayList<>();
    long rest = number;
    for (Group group : groups.reversed()) {
      int at = (int) (rest % group.length);
      rest /= group.length;
      for (List<byte[]> list : group.lists.reversed()) {
        values.addFirst(list.get(at));
      }
    }
    if (lists == 1) {
      return values.getFirst();
    }
    StringBuilder record = new StringBuilder("{");
    for (int i = 0; i < values.size(); i++) {
      record.append(i == 0 ? "\"" : ",\"").append(i + 1).append("\":\"");
      JsonStringEncoder.getInstance()
          .quoteAsString(new String(values.get(i), StandardCharsets.UTF_8), record);
      record.append('"');
    }
    return record.append('}').toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Its payloads, each with a NUL behind it, which no argument can have in it. */
  InputStream open() {
    return new Payloads(payloads());
  }

  private static final class Payloads extends InputStream {

    private final Iterator<byte[]> payloads;
    private byte[] record = {};
    private int at;

    Payloads(Iterator<byte[]> payloads) {
      this.payloads = payloads;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) {
      if (at == record.length) {
        if (!payloads.hasNext()) {
          return -1;
        }
        byte[] payload = payloads.next();
        record = Arrays.copyOf(payload, payload.length + 1);
        at = 0;
      }
      int taken = Math.min(length, record.length - at);
      System.arraycopy(record, at, into, from, taken);
      at += taken;
      return taken;
    }
  }
}
