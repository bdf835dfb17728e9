package dev.piecework.cli;

import java.util.Arrays;

/** Verbs of two words, as in {@code kube submit}: the first one, and what it is about. */
enum VerbGroup {
  KUBE(
      "kube",
      "A bag of work in a Kubernetes cluster.",
      """
      piecework kube VERB --help tells more. Cluster and namespace are those of kubectl: KUBECONFIG,
      --context, --namespace.

      Example:
        piecework kube submit --with-redis -q job2 -p 4 --image registry.example/job2:1 \\
            --from files.txt -- ./worker.sh {}
      """);

  private final String word;
  private final String summary;
  private final String footer;

  VerbGroup(String word, String summary, String footer) {
    this.word = word;
    this.summary = summary;
    this.footer = footer;
  }

  /** Whether this word is the first one of verbs. */
  static boolean isOne(String word) {
    return Arrays.stream(values()).anyMatch(group -> group.word.equals(word));
  }

  /** What it is about, in a sentence. */
  static String summary(String word) {
    return of(word).summary;
  }

  private static VerbGroup of(String word) {
    return Arrays.stream(values()).filter(one -> one.word.equals(word)).findFirst().orElseThrow();
  }

  /** What {@code piecework kube --help} prints. */
  static String usage(String word) {
    VerbGroup group = of(word);
    StringBuilder text = new StringBuilder();
    text.append(String.format("Usage: piecework %s VERB ...%n%s%n%n", word, group.summary));
    for (Verbs verb : Verbs.of(word)) {
      text.append(String.format("  %-14s %s%n", verb.word(), verb.summary()));
    }
    return text.append('\n').append(group.footer).toString();
  }
}
