package dev.piecework.cli.kube;

import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.TakesCommand;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.cli.verb.Verb;
import dev.piecework.kubernetes.manifest.Manifest;
import dev.piecework.kubernetes.manifest.ManifestText;
import dev.piecework.kubernetes.manifest.Manifests;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    customSynopsis = "piecework kube manifests -q QUEUE --image REF [OPTIONS] -- CMD ...",
    footer = {
      "",
      "Prints what a cluster needs to run CMD for each item of a queue; nothing is sent anywhere.",
      "",
      "Example:",
      "  piecework kube manifests --with-redis -q job2 -p 2 --image registry.example/job2:1 \\",
      "      -- ./worker.sh {} | kubectl apply -f -"
    })
public final class KubeManifestsVerb extends Verb implements TakesCommand {

  enum Kind {
    YAML,
    JSON
  }

  @Mixin KubeJobOptions job = new KubeJobOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "yaml|json",
      description = "json: one List of all objects.")
  Kind kind = Kind.YAML;

  @Override
  public void command(List<String> words) {
    job.worker.command.words = words;
  }

  @Override
  public ExitCode run(Terminal terminal) {
    List<Manifest> manifests = Manifests.of(job.plan(terminal));
    terminal.print(
        switch (kind) {
          case YAML -> ManifestText.yaml(manifests).stripTrailing();
          case JSON -> ManifestText.json(manifests).stripTrailing();
        });
    return ExitCode.DONE;
  }
}
