package dev.piecework.job.manifest;

import dev.piecework.job.policy.FailureRule;
import dev.piecework.job.policy.Indexes;
import dev.piecework.job.policy.JobRules;
import dev.piecework.job.policy.SuccessRule;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A spec that was found valid, as rules, with the API server's defaults. */
final class RulesReader {
  private static final int BACKOFF_LIMIT = 6;

  private RulesReader() {}

  static JobRules read(View spec, String namespace) {
    Integer parallelism = spec.integer("parallelism");
    Integer backoffLimit = spec.integer("backoffLimit");
    Integer perIndex = spec.integer("backoffLimitPerIndex");
    if (backoffLimit == null) {
      backoffLimit = perIndex == null ? BACKOFF_LIMIT : Integer.MAX_VALUE;
    }
    String restartPolicy = spec.object("template").object("spec").text("restartPolicy", "Never");
    return new JobRules(
        namespace,
        parallelism == null ? 1 : parallelism,
        completions(spec),
        "Indexed".equals(spec.text("completionMode")),
        backoffLimit,
        perIndex,
        spec.integer("maxFailedIndexes"),
        spec.number("activeDeadlineSeconds"),
        spec.integer("ttlSecondsAfterFinished"),
        spec.flag("suspend"),
        replacement(spec).equals("Failed"),
        restartPolicy.equals("OnFailure"),
        spec.object("podFailurePolicy").objects("rules").stream()
            .map(RulesReader::failureRule)
            .toList(),
        spec.object("successPolicy").objects("rules").stream()
            .map(RulesReader::successRule)
            .toList());
  }

  /** Unset stays unset, unless parallelism is too. */
  static @Nullable Integer completions(View spec) {
    Integer completions = spec.integer("completions");
    return completions == null && !spec.has("parallelism") ? (Integer) 1 : completions;
  }

  static String replacement(View spec) {
    return spec.text(
        "podReplacementPolicy", spec.has("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
  }

  private static FailureRule failureRule(View rule) {
    FailureRule.Action action = FailureRule.Action.valueOf(rule.text("action", ""));
    if (rule.has("onExitCodes")) {
      View codes = rule.object("onExitCodes");
      return new FailureRule.OnExitCodes(
          action,
          codes.text("containerName"),
          codes.text("operator", "").equals("In"),
          new HashSet<>(codes.integers("values")));
    }
    List<View> conditions = rule.objects("onPodConditions");
    Set<String> types =
        conditions.stream()
            .filter(c -> c.text("status", "True").equals("True"))
            .map(c -> c.text("type", ""))
            .collect(Collectors.toSet());
    return new FailureRule.OnPodConditions(action, types);
  }

  private static SuccessRule successRule(View rule) {
    String indexes = rule.text("succeededIndexes");
    return new SuccessRule(
        indexes == null ? null : Indexes.parse(indexes), rule.integer("succeededCount"));
  }
}
