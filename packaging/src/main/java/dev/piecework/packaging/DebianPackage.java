package dev.piecework.packaging;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.vafer.jdeb.Console;
import org.vafer.jdeb.DataConsumer;
import org.vafer.jdeb.DebMaker;
import org.vafer.jdeb.PackagingException;
import org.vafer.jdeb.shaded.commons.compress.archivers.tar.TarArchiveEntry;
import org.vafer.jdeb.shaded.commons.compress.archivers.tar.TarConstants;

/** A package for Debian and what is made from it, the same for the same files. */
final class DebianPackage {

  private static final Console SILENT =
      new Console() {
        @Override
        public void debug(String message) {}

        @Override
        public void info(String message) {}

        @Override
        public void warn(String message) {
          System.err.println("package: jdeb: " + message);
        }
      };

  private final Instant time;

  DebianPackage(Instant time) {
    this.time = time;
  }

  /**
   * @param control the folder of Debian's control files
   * @param values what stands in them for {@code [[name]]}
   */
  void write(List<PackedFile> files, Path control, Map<String, String> values, Path to)
      throws IOException, PackagingException {
    var maker = new DebMaker(SILENT, List.of(receiver -> send(files, receiver)), List.of());
    maker.setDeb(to.toFile());
    maker.setControl(control.toFile());
    maker.setCompression("gzip"); // xz takes two minutes for an eighth less
    maker.setResolver(values::get);
    maker.setOutputTimestampMs(time.toEpochMilli());
    maker.setTarLongFileMode("gnu"); // of posix dpkg understands no long name
    maker.setTarBigNumberMode("posix");
    maker.validate();
    maker.makeDeb();
  }

  private void send(List<PackedFile> files, DataConsumer receiver) throws IOException {
    for (PackedFile one : files) {
      TarArchiveEntry entry =
          one.isLink()
              ? new TarArchiveEntry(one.name(), TarConstants.LF_SYMLINK)
              : new TarArchiveEntry(one.name() + (one.isFolder() ? "/" : ""), true);
      entry.setMode(one.mode());
      entry.setModTime(time.toEpochMilli());
      entry.setIds(0, 0);
      entry.setNames("root", "root");
      if (one.isLink()) {
        entry.setLinkName(one.target());
        receiver.onEachLink(entry);
      } else if (one.isFolder()) {
        receiver.onEachDir(entry);
      } else {
        entry.setSize(Files.size(one.file()));
        try (InputStream in = Files.newInputStream(one.file())) {
          receiver.onEachFile(in, entry);
        }
      }
    }
  }
}
