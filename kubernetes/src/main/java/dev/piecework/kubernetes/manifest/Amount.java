package dev.piecework.kubernetes.manifest;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * A quantity of something that a container asks for, and the most it may use.
 *
 * @param request what a node must have free
 * @param limit what it may use; not less
 */
public record Amount(Quantity request, Quantity limit) {

  private static final Pattern QUANTITY =
      Pattern.compile("\\d{1,12}(\\.\\d{1,9})?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?");

  public Amount {
    if (limit.getNumericalAmount().compareTo(request.getNumericalAmount()) < 0) {
      throw new IllegalArgumentException("'" + request + ".." + limit + "' ends below its start");
    }
  }

  /** Processors: {@code 2}, {@code 500m}, or {@code 250m..1} for request and limit. */
  public static Amount cpu(String text) {
    return parse(text, "processors", "2, 500m or 250m..1", new BigDecimal("0.001"));
  }

  /** Bytes of memory: {@code 512Mi}, {@code 2Gi}, or {@code 1Gi..2Gi} for request and limit. */
  public static Amount memory(String text) {
    return parse(text, "memory", "512Mi, 2Gi or 1Gi..2Gi", BigDecimal.valueOf(1 << 20));
  }

  /** Bytes of disk: {@code 10Gi}. */
  public static Quantity disk(String text) {
    return parse(text, "disk", "500Mi or 10Gi", BigDecimal.valueOf(1 << 20)).limit;
  }

  private static Amount parse(String text, String what, String example, BigDecimal least) {
    int dots = text.indexOf("..");
    Quantity request = quantity(dots < 0 ? text : text.substring(0, dots), what, example, least);
    return new Amount(
        request, dots < 0 ? request : quantity(text.substring(dots + 2), what, example, least));
  }

  private static Quantity quantity(String text, String what, String example, BigDecimal least) {
    if (!QUANTITY.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a quantity of " + what + "; write it like " + example);
    }
    Quantity quantity = Quantity.parse(text);
    if (quantity.getNumericalAmount().compareTo(least) < 0) {
      throw new IllegalArgumentException(
          "'" + text + "' is too little " + what + "; write it like " + example);
    }
    return quantity;
  }
}
