package dev.piecework.packaging;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.zip.Deflater;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

/** Archives that are the same, byte for byte, for the same files. */
final class Archives {

  private final Instant time;

  /**
   * @param time of all files
   */
  Archives(Instant time) {
    this.time = time;
  }

  void tarGz(List<PackedFile> files, Path to) throws IOException {
    GzipParameters parameters = new GzipParameters();
    parameters.setCompressionLevel(Deflater.BEST_COMPRESSION);
    try (OutputStream file = Files.newOutputStream(to);
        var gzip = new GzipCompressorOutputStream(file, parameters);
        var tar = new TarArchiveOutputStream(gzip, "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (PackedFile one : files) {
        TarArchiveEntry entry =
            one.isLink()
                ? new TarArchiveEntry(one.name(), TarConstants.LF_SYMLINK)
                : new TarArchiveEntry(one.name() + (one.isFolder() ? "/" : ""));
        if (one.isLink()) {
          entry.setLinkName(one.target());
        } else if (!one.isFolder()) {
          entry.setSize(Files.size(one.file()));
        }
        entry.setMode(one.mode());
        entry.setModTime(FileTime.from(time));
        entry.setIds(0, 0);
        entry.setNames("root", "root");
        tar.putArchiveEntry(entry);
        if (!one.isLink() && !one.isFolder()) {
          Files.copy(one.file(), tar);
        }
        tar.closeArchiveEntry();
      }
    }
  }

  /** Links are left out: a zip for any system has none. */
  void zip(List<PackedFile> files, Path to) throws IOException {
    try (var zip = new ZipArchiveOutputStream(to)) {
      zip.setLevel(Deflater.BEST_COMPRESSION);
      for (PackedFile one : files) {
        if (one.isLink()) {
          continue;
        }
        var entry = new ZipArchiveEntry(one.name() + (one.isFolder() ? "/" : ""));
        entry.setUnixMode((one.isFolder() ? 0040000 : 0100000) | one.mode());
        // A zip has the time of a clock on the wall, and says not in which place.
        entry.setTimeLocal(time.atZone(ZoneOffset.UTC).toLocalDateTime());
        zip.putArchiveEntry(entry);
        if (!one.isFolder()) {
          Files.copy(one.file(), zip);
        }
        zip.closeArchiveEntry();
      }
    }
  }
}
