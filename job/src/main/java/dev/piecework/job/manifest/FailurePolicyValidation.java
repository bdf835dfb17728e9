package dev.piecework.job.manifest;

import dev.piecework.job.policy.FailureRule;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What the API server refuses of a podFailurePolicy, in its words. */
final class FailurePolicyValidation {
  private static final List<String> ACTIONS =
      Arrays.stream(FailureRule.Action.values()).map(Enum::name).sorted().toList();
  private static final List<String> STATUSES = List.of("False", "True", "Unknown");
  private static final int MOST_RULES = 20;
  private static final int MOST_VALUES = 255;

  private FailurePolicyValidation() {}

  static void check(View spec, View pod) {
    if (!spec.has("podFailurePolicy")) {
      return;
    }
    View policy = spec.object("podFailurePolicy");
    List<View> rules = policy.objects("rules");
    if (!policy.has("rules")) {
      policy.required("rules", "");
    }
    if (rules.size() > MOST_RULES) {
      policy.problem("rules", "Too many: " + rules.size() + ": must have at most 20 items");
    }
    for (View rule : rules) {
      rule(rule, spec, pod);
    }
  }

  private static void rule(View rule, View spec, View pod) {
    String action = rule.text("action");
    if (action == null) {
      rule.required("action", "valid values: \"" + String.join("\", \"", ACTIONS) + "\"");
    } else if (!ACTIONS.contains(action)) {
      rule.unsupported("action", ACTIONS);
    } else if (action.equals("FailIndex") && !spec.has("backoffLimitPerIndex")) {
      rule.invalid("action", "requires the backoffLimitPerIndex to be set");
    }
    boolean codes = rule.has("onExitCodes");
    boolean conditions = !rule.objects("onPodConditions").isEmpty();
    if (codes == conditions) {
      rule.problem(
          "",
          codes
              ? "Invalid value: specifying both OnExitCodes and OnPodConditions is not supported"
              : "Invalid value: specifying one of OnExitCodes and OnPodConditions is required");
    }
    if (codes) {
      exitCodes(rule.object("onExitCodes"), pod);
    }
    for (View condition : rule.objects("onPodConditions")) {
      if (!condition.has("type")) {
        condition.required("type", "");
      }
      if (!STATUSES.contains(condition.text("status", "True"))) {
        condition.unsupported("status", STATUSES);
      }
    }
  }

  private static void exitCodes(View codes, View pod) {
    String operator = codes.text("operator");
    if (operator == null) {
      codes.required("operator", "valid values: \"In\", \"NotIn\"");
    } else if (!List.of("In", "NotIn").contains(operator)) {
      codes.unsupported("operator", List.of("In", "NotIn"));
    }
    String container = codes.text("containerName");
    if (container != null
        && Stream.of("initContainers", "containers")
            .flatMap(list -> pod.objects(list).stream())
            .noneMatch(c -> container.equals(c.text("name")))) {
      codes.invalid(
          "containerName",
          "must be one of the container or initContainer names in the pod template");
    }
    List<Integer> values = codes.integers("values");
    if (values.isEmpty()) {
      codes.problem("values", "Invalid value: []: at least one value is required");
    } else if (values.size() > MOST_VALUES) {
      codes.problem("values", "Too many: " + values.size() + ": must have at most 255 items");
    }
    Set<Integer> seen = new HashSet<>();
    boolean ordered = true;
    for (int i = 0; i < values.size(); i++) {
      int value = values.get(i);
      String at = "values[" + i + "]";
      if (value == 0 && "In".equals(operator)) {
        codes.problem(at, "Invalid value: 0: must not be 0 for the In operator");
      }
      if (!seen.add(value)) {
        codes.problem(at, "Duplicate value: " + value);
      }
      ordered &= i == 0 || values.get(i - 1) <= value;
    }
    if (!ordered) {
      codes.problem(
          "values", "Invalid value: " + values.toString().replace(" ", "") + ": must be ordered");
    }
  }
}
