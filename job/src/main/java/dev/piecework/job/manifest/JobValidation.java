package dev.piecework.job.manifest;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the API server refuses of a Job, in its words. */
final class JobValidation {
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final String NOT_SUBDOMAIN =
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or"
          + " '.', and must start and end with an alphanumeric character (e.g. 'example.com',"
          + " regex used for validation is"
          + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
  private static final Set<String> GENERATED =
      Set.of(
          "batch.kubernetes.io/controller-uid",
          "batch.kubernetes.io/job-name",
          "controller-uid",
          "job-name");
  private static final String INDEXED = "requires indexed completion mode";
  private static final int MOST_INDEXED = 100_000;
  private static final int LONGEST_HOST_NAME = 63;
  private static final int MOST_RULES = 20;

  private final View root;
  private final View spec;
  private final View pod;
  private final boolean indexed;

  private JobValidation(View root) {
    this.root = root;
    spec = root.object("spec");
    pod = spec.object("template").object("spec");
    indexed = "Indexed".equals(spec.text("completionMode"));
  }

  static void check(View root) {
    JobValidation validation = new JobValidation(root);
    validation.metadata();
    validation.numbers();
    validation.selector();
    validation.managedBy();
    validation.completionMode();
    validation.replacementPolicy();
    FailurePolicyValidation.check(validation.spec, validation.pod);
    validation.successPolicy();
    validation.restartPolicy();
  }

  private void metadata() {
    View metadata = root.object("metadata");
    String name = metadata.text("name");
    if (name == null) {
      String prefix = metadata.text("generateName");
      if (prefix == null) {
        metadata.required("name", "name or generateName is required");
      } else if (!SUBDOMAIN.matcher(prefix.replaceFirst("[-.]$", "")).matches()) {
        metadata.invalid("generateName", NOT_SUBDOMAIN);
      }
    } else if (!SUBDOMAIN.matcher(name).matches()) {
      metadata.invalid("name", NOT_SUBDOMAIN);
    } else if (name.length() > LONGEST_HOST_NAME) {
      metadata.invalid("name", "must be no more than 63 characters");
    }
    if (!root.has("spec")) {
      root.required("spec", "");
    }
    if (!spec.has("template")) {
      spec.required("template", "");
    }
  }

  private void numbers() {
    for (String field :
        List.of(
            "parallelism",
            "completions",
            "activeDeadlineSeconds",
            "backoffLimit",
            "ttlSecondsAfterFinished",
            "backoffLimitPerIndex",
            "maxFailedIndexes")) {
      notNegative(spec, field);
    }
    notNegative(pod, "terminationGracePeriodSeconds");
  }

  private static void notNegative(View view, String field) {
    Long number = view.number(field);
    if (number != null && number < 0) {
      view.invalid(field, "must be greater than or equal to 0");
    }
  }

  /** The API server makes the selector, unless it is told that it is made by hand. */
  private void selector() {
    if (!spec.has("selector")) {
      if (spec.flag("manualSelector")) {
        spec.required("selector", "");
      }
      return;
    }
    Map<String, String> wanted = spec.object("selector").map("matchLabels");
    if (!spec.flag("manualSelector")) {
      // As kubectl prints that of a Job which a cluster has.
      if (wanted.isEmpty() || !GENERATED.containsAll(wanted.keySet())) {
        spec.problem("selector", shown(wanted) + "`selector` not auto-generated");
      }
      return;
    }
    View metadata = spec.object("template").object("metadata");
    if (!metadata.map("labels").entrySet().containsAll(wanted.entrySet())) {
      metadata.problem(
          "labels", shown(metadata.map("labels")) + "`selector` does not match template `labels`");
    }
  }

  private static String shown(Map<String, String> labels) {
    return labels.entrySet().stream()
        .map(e -> "\"" + e.getKey() + "\":\"" + e.getValue() + "\"")
        .collect(Collectors.joining(",", "Invalid value: {", "}: "));
  }

  private void managedBy() {
    String manager = spec.text("managedBy");
    if (manager == null) {
      return;
    }
    int slash = manager.indexOf('/');
    if (slash < 1 || slash == manager.length() - 1) {
      spec.invalid("managedBy", "must be a domain-prefixed path (such as \"acme.io/foo\")");
    } else if (!SUBDOMAIN.matcher(manager.substring(0, slash)).matches()) {
      String domain = manager.substring(0, slash);
      spec.problem("managedBy", "Invalid value: \"" + domain + "\": " + NOT_SUBDOMAIN);
    } else if (manager.length() > LONGEST_HOST_NAME) {
      spec.problem("managedBy", "Too long: may not be more than 63 bytes");
    }
  }

  private void completionMode() {
    String mode = spec.text("completionMode", "NonIndexed");
    if (!List.of("NonIndexed", "Indexed").contains(mode)) {
      spec.unsupported("completionMode", List.of("NonIndexed", "Indexed"));
      return;
    }
    if (!indexed) {
      for (String field : List.of("backoffLimitPerIndex", "maxFailedIndexes")) {
        if (spec.has(field)) {
          spec.invalid(field, INDEXED);
        }
      }
      return;
    }
    Integer completions = RulesReader.completions(spec);
    if (completions == null) {
      spec.required("completions", "when completion mode is Indexed");
    }
    Integer parallelism = spec.integer("parallelism");
    if (parallelism != null && parallelism > MOST_INDEXED) {
      spec.invalid(
          "parallelism", "must be less than or equal to 100000 when completion mode is Indexed");
    }
    Integer most = spec.integer("maxFailedIndexes");
    if (most != null && completions != null && most > completions) {
      spec.invalid("maxFailedIndexes", "must be less than or equal to completions");
    }
    if (most != null && !spec.has("backoffLimitPerIndex")) {
      spec.required("backoffLimitPerIndex", "when maxFailedIndexes is specified");
    }
    if (completions != null && completions > 0) {
      hostNameOfTheLast(completions - 1);
    }
  }

  /** An Indexed Job's pods are called by their index, which makes their host name longer. */
  private void hostNameOfTheLast(int index) {
    View metadata = root.object("metadata");
    String name = metadata.text("name");
    if (name != null
        && SUBDOMAIN.matcher(name).matches()
        && (name.contains(".") || (name + "-" + index).length() > LONGEST_HOST_NAME)) {
      metadata.invalid(
          "name", "will not able to create pod with invalid DNS label: " + name + "-" + index);
    }
  }

  private void replacementPolicy() {
    String policy = spec.text("podReplacementPolicy");
    if (policy == null) {
      return;
    }
    if (spec.has("podFailurePolicy")) {
      if (!policy.equals("Failed")) {
        spec.unsupported("podReplacementPolicy", List.of("Failed"));
      }
    } else if (!List.of("Failed", "TerminatingOrFailed").contains(policy)) {
      spec.unsupported("podReplacementPolicy", List.of("Failed", "TerminatingOrFailed"));
    }
  }

  private void successPolicy() {
    if (!spec.has("successPolicy")) {
      return;
    }
    if (!indexed) {
      spec.problem("successPolicy", "Invalid value: " + INDEXED);
      return;
    }
    View policy = spec.object("successPolicy");
    List<View> rules = policy.objects("rules");
    if (rules.size() > MOST_RULES) {
      policy.problem("rules", "Too many: " + rules.size() + ": must have at most 20 items");
    }
    if (rules.isEmpty()) {
      policy.required(
          "rules", "at least one rules must be specified when the successPolicy is specified");
    }
    int completions = Objects.requireNonNullElse(RulesReader.completions(spec), 0);
    for (View rule : rules) {
      successRule(rule, completions);
    }
  }

  private static void successRule(View rule, int completions) {
    Integer count = rule.integer("succeededCount");
    String indexes = rule.text("succeededIndexes");
    if (count == null && indexes == null) {
      rule.required("", "at least one of succeededCount or succeededIndexes must be specified");
    }
    notNegative(rule, "succeededCount");
    int most = completions;
    if (indexes != null) {
      try {
        most = IndexesFormat.count(indexes, completions);
      } catch (IllegalArgumentException e) {
        rule.invalid("succeededIndexes", "error parsing succeededIndexes: " + e.getMessage());
        return;
      }
    }
    if (count != null && count > most) {
      rule.invalid(
          "succeededCount",
          "must be less than or equal to "
              + most
              + (indexes == null
                  ? " (the number of specified completions)"
                  : " (the number of indexes in the specified succeededIndexes field)"));
    }
  }

  private void restartPolicy() {
    if (!spec.has("template")) {
      return;
    }
    String policy = pod.text("restartPolicy", "Always");
    if (policy.equals("Always")) {
      pod.required("restartPolicy", "valid values: \"OnFailure\", \"Never\"");
    } else if (!List.of("OnFailure", "Never").contains(policy)) {
      pod.unsupported("restartPolicy", List.of("OnFailure", "Never"));
    } else if (spec.has("podFailurePolicy") && !policy.equals("Never")) {
      pod.invalid(
          "restartPolicy", "only \"Never\" is supported when podFailurePolicy is specified");
    }
  }
}
