package dev.piecework.job.manifest;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Tells the text of a Helm template from a manifest that is only wrong: templates stand where YAML
 * has none, or in a value that is refused for it.
 */
final class HelmText {
  private static final Pattern OPENS = Pattern.compile("\\{\\{.*?(\\}\\}|$)");
  private static final Pattern OF_HELM =
      Pattern.compile(
          "\\{\\{-?\\s*(\\.(Values|Release|Chart|Files|Capabilities|Template)\\b|\\$"
              + "|(include|template|tpl|if|else|end|range|with|define|toYaml|quote|default)\\b).*?"
              + "(\\}\\}|$)");

  private HelmText() {}

  /** What is wrong with the text, if it is that. */
  static Optional<Problem> in(String text, List<Problem> problems) {
    List<String> lines = text.lines().toList();
    if (problems.stream().anyMatch(Problem::inSyntax)) {
      Optional<Problem> where = where(text).flatMap(line -> problem(lines, line, OPENS));
      if (where.isPresent()) {
        return where;
      }
    }
    return problems.stream().flatMap(p -> problem(lines, p.line(), OF_HELM).stream()).findFirst();
  }

  private static Optional<Problem> problem(List<String> lines, int line, Pattern pattern) {
    Matcher matcher = pattern.matcher(line > 0 && line <= lines.size() ? lines.get(line - 1) : "");
    return matcher.find()
        ? Optional.of(
            new Problem(
                line,
                "",
                "this is the text of a Helm template ("
                    + matcher.group()
                    + "), and not yet a"
                    + " manifest: let 'helm template' render it first"))
        : Optional.empty();
  }

  /** The line of the first template that stands where YAML has none. */
  private static Optional<Integer> where(String text) {
    Optional<Mark> last = Optional.empty();
    LoadSettings settings = LoadSettings.builder().setUseMarks(true).build();
    try {
      for (Event event : new Parse(settings).parseString(text)) {
        boolean opens = event instanceof MappingStartEvent m && m.getFlowStyle() == FlowStyle.FLOW;
        Optional<Mark> mark = opens ? event.getStartMark() : Optional.empty();
        if (last.isPresent()
            && mark.isPresent()
            && mark.get().getIndex() == last.get().getIndex() + 1) {
          return Optional.of(mark.get().getLine() + 1);
        }
        last = mark;
      }
    } catch (MarkedYamlEngineException e) {
      List<String> lines = text.lines().toList();
      return Stream.of(e.getContextMark(), e.getProblemMark())
          .flatMap(Optional::stream)
          .map(mark -> mark.getLine() + 1)
          .flatMap(line -> Stream.of(line, line - 1))
          .filter(line -> line > 0 && line <= lines.size() && lines.get(line - 1).contains("{{"))
          .findFirst();
    } catch (YamlEngineException | NumberFormatException | StackOverflowError notAtAll) {
      // What is wrong has been said.
    }
    return Optional.empty();
  }
}
