package dev.piecework.job.manifest;

import java.io.File;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An amount of a resource, as Kubernetes writes it: {@code 250m}, {@code 1.5Gi}, {@code 2e3}. */
record Quantity(BigDecimal value) {
  static final String FORM = "^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$";
  static final Quantity ZERO = new Quantity(BigDecimal.ZERO);

  private static final Pattern NUMBER =
      Pattern.compile("([+-]?(?:\\d{1,30}(?:\\.\\d{0,30})?|\\.\\d{1,30}))(\\D*|[eE][+-]?\\d{1,2})");
  private static final BigDecimal BINARY = BigDecimal.valueOf(1024);
  private static final Map<String, Integer> DECIMAL =
      Map.of("", 0, "n", -9, "u", -6, "m", -3, "k", 3, "M", 6, "G", 9, "T", 12, "P", 15, "E", 18);
  private static final List<String> POWERS = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");

  /** Null for what is none. */
  static @Nullable Quantity of(String text) {
    Matcher matcher = NUMBER.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    BigDecimal number = new BigDecimal(matcher.group(1));
    String suffix = matcher.group(2);
    Integer power = DECIMAL.get(suffix);
    if (power != null) {
      return new Quantity(number.scaleByPowerOfTen(power));
    }
    if (POWERS.contains(suffix)) {
      return new Quantity(number.multiply(BINARY.pow(POWERS.indexOf(suffix))));
    }
    if (suffix.matches("[eE][+-]?\\d{1,2}")) {
      return new Quantity(number.scaleByPowerOfTen(Integer.parseInt(suffix.substring(1))));
    }
    return null;
  }

  /** What a node has to give: a container without a limit may use all of it. */
  static Quantity ofThisMachine(String resource) {
    return switch (resource) {
      case "cpu" -> new Quantity(BigDecimal.valueOf(Runtime.getRuntime().availableProcessors()));
      case "memory" -> new Quantity(memory());
      case "ephemeral-storage" ->
          new Quantity(BigDecimal.valueOf(new File("").getAbsoluteFile().getTotalSpace()));
      default -> ZERO;
    };
  }

  private static BigDecimal memory() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
        String[] words = line.split(" +", -1);
        if (words[0].equals("MemTotal:")) {
          return new BigDecimal(words[1]).multiply(BINARY);
        }
      }
    } catch (IOException | RuntimeException elsewhere) {
      // No /proc, so nobody to tell.
    }
    return BigDecimal.ZERO;
  }

  boolean isDivisorOf(String resource) {
    if (resource.equals("cpu")) {
      return List.of("1", "1m").stream().anyMatch(this::is);
    }
    return DECIMAL.entrySet().stream().anyMatch(e -> e.getValue() >= 0 && is("1" + e.getKey()))
        || POWERS.stream().anyMatch(suffix -> is("1" + suffix));
  }

  private boolean is(String text) {
    Quantity other = of(text);
    return other != null && other.value().compareTo(value) == 0;
  }

  /** How many times the divisor, rounded up. */
  String in(Quantity divisor) {
    return value.divide(divisor.value(), 0, RoundingMode.CEILING).toPlainString();
  }
}
