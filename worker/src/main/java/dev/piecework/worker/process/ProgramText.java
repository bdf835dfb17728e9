package dev.piecework.worker.process;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Which argument of a command is a program's text: that behind {@code -c} of a shell, or {@code -e}
 * of a language that is started by its name, also behind {@code env}, {@code nice} and the like.
 */
final class ProgramText {

  private static final Pattern C_AMONG_OTHERS = Pattern.compile("-[a-zA-Z]*c");

  private static final Map<Pattern, Pattern> PROGRAMS =
      Map.of(
          Pattern.compile("(ba|z|k|mk|da|a|tc|c|fi)?sh"), C_AMONG_OTHERS,
          Pattern.compile("(python|pypy)[0-9.]*"), C_AMONG_OTHERS,
          Pattern.compile("(perl|ruby)[0-9.]*"), Pattern.compile("-[a-zA-Z0-9]*[eE]"),
          Pattern.compile("(node|nodejs|bun|Rscript|lua|julia)"),
              Pattern.compile("-[a-z]*[ep]|--eval|--print"),
          Pattern.compile("php[0-9.]*"), Pattern.compile("-r"));

  private ProgramText() {}

  /** Its index in the arguments, if there is one. */
  static OptionalInt in(List<String> argv) {
    for (int i = 0; i < argv.size(); i++) {
      String name = argv.get(i).substring(argv.get(i).lastIndexOf('/') + 1);
      for (var program : PROGRAMS.entrySet()) {
        if (program.getKey().matcher(name).matches()) {
          int option = option(argv, i + 1, program.getValue());
          if (option > 0) {
            return OptionalInt.of(option + 1);
          }
        }
      }
    }
    return OptionalInt.empty();
  }

  /** Of the options right behind a program's name that which a text follows; 0 for none. */
  private static int option(List<String> argv, int from, Pattern wanted) {
    for (int i = from; i + 1 < argv.size() && argv.get(i).startsWith("-"); i++) {
      if (wanted.matcher(argv.get(i)).matches()) {
        return i;
      }
    }
    return 0;
  }
}
