package dev.piecework.cli.input;

import picocli.CommandLine.Option;

/** Whether records are looked into. */
public final class RawRecordsOption {

  @Option(
      names = "--raw-records",
      description =
          "Records are not looked into: those of a table are filled as they are written, and {name}"
              + " in CMD is text; default: records have fields.")
  public boolean given;
}
