package dev.piecework;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.redis.Reply;
import dev.piecework.redis.Script;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.Protocol.Command;

/** Requeues or drops dead items, some at a time. */
final class DeadItemsMover {

  private static final int PAGE = 500;

  private final Contact contact;
  private final Script script;

  DeadItemsMover(Contact contact, Script script) {
    this.contact = contact;
    this.script = script;
  }

  long move(DeadItems which) {
    return switch (which) {
      case DeadItems.WithId one -> moveThese(List.of(one.id()));
      case DeadItems.All all -> moveMatching("");
      case DeadItems.WithError some -> moveMatching(some.text());
    };
  }

  private long moveMatching(String text) {
    long moved = 0;
    long skipped = 0;
    while (true) {
      List<String> page = page(skipped);
      if (page.isEmpty()) {
        return moved;
      }
      List<String> these = new ArrayList<>();
      for (String id : page) {
        if (text.isEmpty() || lastError(id).contains(text)) {
          these.add(id);
        }
      }
      long now = these.isEmpty() ? 0 : moveThese(these);
      moved += now;
      skipped += page.size() - now;
    }
  }

  private long moveThese(List<String> ids) {
    return contact.insist(script, contact.scope(), ids.toArray()).number(1);
  }

  private List<String> page(long from) {
    byte[] dead = contact.keys().key("dead");
    Reply reply =
        contact.patience().insist(() -> contact.link().range(dead, from, from + PAGE - 1));
    return java.util.stream.IntStream.range(0, reply.size()).mapToObj(reply::text).toList();
  }

  private String lastError(String id) {
    Object raw =
        contact
            .patience()
            .insist(() ->
                contact
                    .link()
                    .call(Command.HGET, contact.keys().key("evidence"), Contact.utf8(id)));
    if (!(raw instanceof byte[] text)) {
      return "";
    }
    String[] entries = new String(text, UTF_8).split("\u001e", -1);
    return entries.length < 2 ? "" : entries[entries.length - 2];
  }
}
