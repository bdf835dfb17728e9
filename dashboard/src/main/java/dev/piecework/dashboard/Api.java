package dev.piecework.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.ItemState;
import dev.piecework.ItemView;
import dev.piecework.QueueStatus;
import dev.piecework.WorkQueue;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** What the page asks of a queue, and can change of it: docs/dashboard.md has the addresses. */
final class Api {

  private static final int MOST_OF_A_PAGE = 1_000;
  private static final int USUAL_OF_A_PAGE = 100;

  /**
   * A comment in an event stream that has nothing to tell, to find out whether it is still read.
   */
  private static final Duration QUIET = Duration.ofSeconds(15);

  private final DashboardConfig config;
  private final Queues queues;
  private final Watches watches;
  private final Formats formats;
  private final ItemPages pages = new ItemPages();

  Api(DashboardConfig config, Queues queues, Watches watches, Formats formats) {
    this.config = config;
    this.queues = queues;
    this.watches = watches;
    this.formats = formats;
  }

  void addTo(RoutesConfig routes) {
    Downloads downloads = new Downloads(formats);
    String queue = "/api/queues/{queue}";
    routes.get("/api/about", this::about);
    routes.get("/api/queues", this::list);
    routes.get(queue, context -> json(context, Block.text(watch(context).snapshot())));
    routes.get(queue + "/events", this::events);
    routes.get(queue + "/items", this::items);
    routes.get(queue + "/items/<id>", context -> item(context, context.pathParam("id")));
    routes.get(queue + "/results", context -> downloads.results(context, watch(context).queue()));
    routes.get(
        queue + "/groups/{group}/items",
        context -> downloads.group(context, watch(context).queue(), context.pathParam("group")));
    for (Changes change : Changes.values()) {
      routes.post(
          queue + "/" + change.name().toLowerCase(Locale.ROOT), context -> apply(context, change));
    }
  }

  private QueueWatch watch(Context context) {
    return watches.of(context.pathParam("queue"));
  }

  private void about(Context context) {
    object(
        context,
        json -> {
          json.writeStringProperty("piecework", config.version());
          json.writeStringProperty("server", queues.server());
          json.writeBooleanProperty("readOnly", config.readOnly());
        });
  }

  private void list(Context context) {
    List<QueueStatus> all = watches.all();
    json(
        context,
        JsonText.array(json -> {
          for (QueueStatus status : all) {
            json.writeStartObject();
            json.writeStringProperty("queue", status.queue());
            Block.writeSummary(json, status);
            json.writeEndObject();
          }
        }));
  }

  /**
   * Lives as long as the page reads it; its thread is a virtual one. Written by ourselves and not
   * by Javalin's way for events, which ends the request behind a handler that still runs: what that
   * then throws is handled for a request that is no more, over and over.
   */
  private void events(Context context) {
    QueueWatch watch = watch(context);
    boolean hasBlock = "status".equals(context.queryParam("first"));
    Listener listener = hasBlock ? watch.listenOn() : watch.listen();
    context.contentType("text/event-stream; charset=utf-8");
    try {
      OutputStream out = context.res().getOutputStream();
      while (!listener.hasEnded()) {
        String text =
            listener
                .next(QUIET)
                .map(event -> "event: " + event.name() + "\ndata: " + event.data() + "\n\n")
                .orElse(": quiet\n\n");
        out.write(text.getBytes(UTF_8));
        out.flush();
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    } catch (IOException gone) {
      // Nobody reads it any more.
    } finally {
      watch.leave(listener);
    }
  }

  private void items(Context context) {
    String id = context.queryParam("id");
    if (id != null) {
      item(context, id);
      return;
    }
    WorkQueue queue = watch(context).queue();
    int limit = limit(context.queryParam("limit"));
    String after = context.queryParam("after");
    String group = context.queryParam("group");
    String payload = context.queryParam("payload");
    ItemPages.Page page;
    if (after != null) {
      page = pages.after(queue.name(), after, limit);
    } else if (payload != null) {
      page = pages.withPayload(queue, payload, limit);
    } else if (group != null) {
      page = pages.ofGroup(queue, group, limit);
    } else {
      String state = context.queryParam("state");
      page = pages.of(queue, ItemState.of(state == null ? "dead" : state), limit);
    }
    object(
        context,
        json -> {
          json.writeArrayPropertyStart("items");
          page.items().forEach(item -> write(json, item));
          json.writeEndArray();
          JsonText.text(json, "next", page.next());
        });
  }

  private void write(JsonGenerator json, ItemView item) {
    json.writeStartObject();
    formats.item(json, item);
    json.writeEndObject();
  }

  private void item(Context context, String id) {
    ItemView item =
        watch(context)
            .queue()
            .admin()
            .item(id)
            .orElseThrow(() ->
                new PageException(
                    404, "no item has this id; what waits and was never leased has none"));
    object(context, json -> formats.item(json, item));
  }

  private static int limit(@Nullable String asked) {
    if (asked == null) {
      return USUAL_OF_A_PAGE;
    }
    try {
      int limit = Integer.parseInt(asked);
      if (limit >= 1 && limit <= MOST_OF_A_PAGE) {
        return limit;
      }
    } catch (NumberFormatException noNumber) {
      // Said below.
    }
    throw new PageException(400, "limit is to be 1 to " + MOST_OF_A_PAGE);
  }

  private void apply(Context context, Changes change) {
    String type = context.contentType();
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      throw new PageException(415, "a change is asked for in application/json");
    }
    QueueWatch watch = watch(context);
    long changed = change.apply(watch.queue().admin(), Changes.read(context.body()));
    watch.changed();
    object(context, json -> json.writeNumberProperty("changed", changed));
  }

  private static void object(Context context, Consumer<JsonGenerator> properties) {
    json(context, JsonText.object(properties));
  }

  private static void json(Context context, String text) {
    context.contentType("application/json").result(text);
  }
}
