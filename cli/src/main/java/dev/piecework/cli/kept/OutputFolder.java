package dev.piecework.cli.kept;

import dev.piecework.cli.output.Json;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.worker.Attempt;
import dev.piecework.worker.process.CommandListener;
import dev.piecework.worker.process.CommandRecord;
import dev.piecework.worker.process.StartedCommand;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A folder for each item with what its last attempt printed. Each file has its name when it is
 * whole; the one that says how the attempt ended comes last.
 *
 * <p>Written by streams and not by channels, which an interrupt of the slot would close.
 */
final class OutputFolder implements CommandListener {

  private static final int IN_MEMORY = 1 << 16;

  private final String queue;
  private final ItemFolders names;
  private final InstantSource clock = InstantSource.system();

  private OutputFolder(String queue, ItemFolders names) {
    this.queue = queue;
    this.names = names;
  }

  /** Makes the folder if it is not there. */
  static OutputFolder open(Path folder, String queue) throws IOException {
    check(folder);
    Path whole = folder.toAbsolutePath();
    Files.createDirectories(whole);
    return new OutputFolder(queue, ItemFolders.in(whole));
  }

  /** Says what is wrong with the name before anything is begun. */
  static void check(Path folder) {
    if (Files.exists(folder) && !(Files.isDirectory(folder) && Files.isWritable(folder))) {
      throw Refusal.usage("--output-dir " + folder + " is no folder that can be written to");
    }
  }

  @Override
  public CommandRecord started(StartedCommand command) {
    return new Printed(command, clock.instant());
  }

  /** What one command prints. */
  private final class Printed implements CommandRecord {
    private final StartedCommand command;
    private final Instant started;
    private final Path place;
    private final Part out;
    private final Part err;

    Printed(StartedCommand command, Instant started) {
      this.command = command;
      this.started = started;
      this.place = names.of(command.attempt().id());
      this.out = new Part(place, "stdout");
      this.err = new Part(place, "stderr");
    }

    @Override
    public void printed(byte[] bytes, int length) {
      out.add(bytes, length);
    }

    @Override
    public void complained(byte[] bytes, int length) {
      err.add(bytes, length);
    }

    @Override
    public void ended(End end) throws IOException {
      Part meta = new Part(place, "meta.json");
      List<Part> all = List.of(out, err, meta);
      try {
        if (!end.givenBack()) {
          byte[] text = (meta(end) + "\n").getBytes(StandardCharsets.UTF_8);
          meta.add(text, text.length);
          for (Part part : all) {
            part.keep();
          }
        }
      } catch (IOException full) {
        throw new IOException("cannot write to " + place + ": " + why(full), full);
      } finally {
        for (Part part : all) {
          part.discard();
        }
      }
    }

    private String meta(End end) {
      Attempt attempt = command.attempt();
      return Json.object(json -> {
        json.writeStringProperty("id", attempt.id());
        Json.bytes(json, "payload", attempt.payload());
        json.writeStringProperty("queue", queue);
        json.writeNumberProperty("attempt", attempt.number());
        json.writeNumberProperty("exitCode", end.exitCode());
        json.writeNumberProperty("signal", end.signal());
        json.writeNumberProperty("slot", command.slot());
        json.writeStringProperty("started", started.toString());
        json.writeNumberProperty("milliseconds", end.took().toMillis());
      });
    }
  }

  static String why(IOException full) {
    return full.getMessage() == null ? full.getClass().getSimpleName() : full.getMessage();
  }

  /** A file that has its name when it is whole; a short one is held until then. */
  private static final class Part {
    private final Path place;
    private final Path file;
    private final Path begun;
    private ByteArrayOutputStream held = new ByteArrayOutputStream(0);
    private @Nullable OutputStream out;
    private @Nullable IOException failure;
    private boolean kept;

    Part(Path place, String name) {
      this.place = place;
      file = place.resolve(name);
      begun = place.resolve("." + name + "." + ProcessHandle.current().pid());
    }

    synchronized void add(byte[] bytes, int length) {
      if (failure != null) {
        return;
      }
      held.write(bytes, 0, length);
      if (held.size() >= IN_MEMORY) {
        try {
          flush();
        } catch (IOException full) {
          failure = full;
          held = new ByteArrayOutputStream(0);
        }
      }
    }

    private OutputStream flush() throws IOException {
      OutputStream open = out;
      if (open == null) {
        Files.createDirectories(place);
        open = new FileOutputStream(begun.toFile());
        out = open;
      }
      held.writeTo(open);
      held.reset();
      return open;
    }

    synchronized void keep() throws IOException {
      if (failure != null) {
        throw failure;
      }
      flush().close();
      Files.move(begun, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      kept = true;
    }

    /** Removes it, unless it was kept, and the folder with it where nothing else is there. */
    synchronized void discard() throws IOException {
      OutputStream open = out;
      if (kept || (open == null && failure == null)) {
        return;
      }
      try {
        if (open != null) {
          open.close();
        }
      } catch (IOException full) {
        // It is removed.
      }
      Files.deleteIfExists(begun);
      try {
        Files.deleteIfExists(place);
      } catch (DirectoryNotEmptyException | NoSuchFileException another) {
        // What an earlier attempt has left there stays.
      }
    }
  }
}
