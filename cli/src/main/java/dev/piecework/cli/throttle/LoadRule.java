package dev.piecework.cli.throttle;

import java.util.Locale;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Nothing starts while the machine's load is as high as this. */
final class LoadRule implements StartRule {

  private final double most;
  private final DoubleSupplier load;

  LoadRule(double most, DoubleSupplier load) {
    this.most = most;
    this.load = load;
  }

  @Override
  public @Nullable String heldBack() {
    double now = load.getAsDouble();
    return now < most
        ? null
        : String.format(Locale.ROOT, "the load is %.1f, of --load %.1f", now, most);
  }
}
