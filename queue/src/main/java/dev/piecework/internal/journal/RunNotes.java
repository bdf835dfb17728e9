package dev.piecework.internal.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.redis.Script;
import dev.piecework.internal.redis.Values;
import java.util.Optional;
import java.util.regex.Pattern;
import redis.clients.jedis.Protocol.Command;

/** Short texts that are kept with a run, in fields of its journal. */
public final class RunNotes {

  private static final int LONGEST = 4_096;

  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,40}");

  private final QueueClient client;

  public RunNotes(QueueClient client) {
    this.client = client;
  }

  /** Keeps one; answers whether it could. */
  public boolean keep(String name, String text) {
    return client.insist(Script.NOTE, client.scope(), checked(name), cut(text)).is("OK");
  }

  /** What was kept with the run that is there. */
  public Optional<String> read(String name) {
    Values state = call(Command.HMGET, client.keys().key("state"), "run");
    if (state.parts().get(0) == null) {
      return Optional.empty();
    }
    Values note =
        call(Command.HMGET, client.keys().journal("journal", state.text(0)), "n:" + checked(name));
    return note.parts().get(0) == null ? Optional.empty() : Optional.of(note.text(0));
  }

  private static String checked(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name: 1 to 40 letters a-z, digits and hyphens, not '" + name + "'");
    }
    return name;
  }

  // Not within a character.
  private static String cut(String text) {
    int end = Math.min(text.length(), LONGEST);
    while (text.substring(0, end).getBytes(UTF_8).length > LONGEST) {
      end--;
    }
    if (end < text.length() && end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  private Values call(Command command, byte[] key, String field) {
    return Values.of(
        client.retry().call(() -> client.link().call(command, key, field.getBytes(UTF_8))));
  }
}
