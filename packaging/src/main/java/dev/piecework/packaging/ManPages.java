package dev.piecework.packaging;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.asciidoctor.Asciidoctor;
import org.asciidoctor.Attributes;
import org.asciidoctor.Options;
import org.asciidoctor.SafeMode;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** A man page for each verb, by picocli's generator and Asciidoctor. */
final class ManPages {

  private final Instant time;

  ManPages(Instant time) {
    this.time = time;
  }

  void write(CommandLine root, Path folder) throws IOException {
    Files.createDirectories(folder);
    Attributes attributes =
        Attributes.builder()
            .attribute("reproducible", "")
            .attribute("docdate", time.atZone(ZoneOffset.UTC).toLocalDate().toString())
            // What is between braces is a place in a command, and not one of Asciidoctor's.
            .attribute("attribute-missing", "skip")
            .build();
    List<Path> sources = new ArrayList<>();
    writeSources(root.getCommandSpec(), folder, sources);
    try (Asciidoctor asciidoctor = Asciidoctor.Factory.create()) {
      for (Path source : sources) {
        asciidoctor.convertFile(
            source.toFile(),
            Options.builder()
                .backend("manpage")
                .safe(SafeMode.UNSAFE)
                .attributes(attributes)
                .build());
        Files.delete(source);
      }
    }
  }

  private static void writeSources(CommandSpec spec, Path folder, List<Path> sources)
      throws IOException {
    Path source = folder.resolve(spec.qualifiedName("-") + ".adoc");
    try (var writer = new PrintWriter(Files.newBufferedWriter(source, StandardCharsets.UTF_8))) {
      ManPageGenerator.writeSingleManPage(writer, spec);
    }
    sources.add(source);
    for (CommandLine verb : spec.subcommands().values()) {
      writeSources(verb.getCommandSpec(), folder, sources);
    }
  }
}
