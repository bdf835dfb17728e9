package dev.piecework.testrun;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Skips what needs a missing tool; where nothing may be missing, lets it fail. */
final class NeedsCondition implements ExecutionCondition {
  /** A CI skips nothing: there, one that is missing is a fault of the machine. */
  static final String NOTHING_IS_SKIPPED = "CI";

  private final Tools tools;
  private final boolean mayBeMissing;

  NeedsCondition() {
    this(Tools.ofThisMachine(), !"true".equals(System.getenv(NOTHING_IS_SKIPPED)));
  }

  NeedsCondition(Tools tools, boolean mayBeMissing) {
    this.tools = tools;
    this.mayBeMissing = mayBeMissing;
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    List<String> missing = new ArrayList<>();
    Optional<Needs> needs =
        AnnotationSupport.findAnnotation(context.getElement().orElse(null), Needs.class);
    for (String tool : needs.map(Needs::value).orElse(new String[0])) {
      if (!tools.has(tool)) {
        missing.add(tool + " (Debian: " + tools.debianPackage(tool) + ")");
      }
    }
    if (missing.isEmpty()) {
      return ConditionEvaluationResult.enabled("all it needs is here");
    }
    String reason = "missing here: " + String.join(", ", missing);
    if (!mayBeMissing) {
      throw new IllegalStateException(reason + "; with CI=true nothing is skipped: install it");
    }
    return ConditionEvaluationResult.disabled(reason);
  }
}
