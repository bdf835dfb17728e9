package dev.piecework.dashboard;

import dev.piecework.DeadItems;
import dev.piecework.QueueAdmin;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a page can change of a queue: each takes one JSON object and answers how much it changed.
 */
enum Changes {
  PAUSE {
    @Override
    long apply(QueueAdmin queue, JsonNode asked) {
      String reason = text(asked, "reason");
      queue.pause(reason == null || reason.isBlank() ? "from the page" : reason);
      return 1;
    }
  },
  RESUME {
    @Override
    long apply(QueueAdmin queue, JsonNode asked) {
      queue.resume();
      return 1;
    }
  },
  REQUEUE {
    @Override
    long apply(QueueAdmin queue, JsonNode asked) {
      String id = text(asked, "id");
      return id == null
          ? queue.requeue(which(asked))
          : there(id, queue.requeueItem(id).isPresent(), "dead or delayed");
    }
  },
  DROP {
    @Override
    long apply(QueueAdmin queue, JsonNode asked) {
      String id = text(asked, "id");
      return id == null
          ? queue.drop(which(asked))
          : there(id, queue.dropItem(id).isPresent(), "in the queue");
    }
  },
  SET {
    @Override
    long apply(QueueAdmin queue, JsonNode asked) {
      Map<String, String> changes = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> one : asked.properties()) {
        if (!one.getValue().isValueNode() || one.getValue().isNull()) {
          throw new PageException(400, "'" + one.getKey() + "' is to be set to a text");
        }
        changes.put(one.getKey(), one.getValue().asString());
      }
      if (changes.isEmpty()) {
        throw new PageException(400, "say what is to be set, such as {\"attempts\": \"5\"}");
      }
      queue.set(changes);
      return changes.size();
    }
  };

  private static final JsonMapper MAPPER = new JsonMapper();

  abstract long apply(QueueAdmin queue, JsonNode asked);

  /**
   * Reads what is asked.
   *
   * @throws PageException when it is no JSON object
   */
  static JsonNode read(String body) {
    try {
      JsonNode read = MAPPER.readTree(body.isBlank() ? "{}" : body);
      if (read.isObject()) {
        return read;
      }
    } catch (JacksonException broken) {
      throw new PageException(400, "this is no JSON");
    }
    throw new PageException(400, "a JSON object is needed");
  }

  private static DeadItems which(JsonNode asked) {
    String group = text(asked, "group");
    boolean all = asked.path("all").isBoolean() && asked.path("all").asBoolean();
    if (all == (group != null)) {
      throw new PageException(400, "say which items: one of \"all\": true, \"id\", \"group\"");
    }
    return group == null ? new DeadItems.All() : new DeadItems.InGroup(group);
  }

  private static long there(String id, boolean there, String where) {
    if (!there) {
      throw new PageException(404, "no item '" + id + "' is " + where);
    }
    return 1;
  }

  /** Null when it is not there. */
  private static @Nullable String text(JsonNode asked, String name) {
    JsonNode value = asked.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isString()) {
      throw new PageException(400, "'" + name + "' is to be a text");
    }
    return value.asString();
  }
}
