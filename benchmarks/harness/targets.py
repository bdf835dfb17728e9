"""What is aimed at, and whether it was reached."""

from dataclasses import dataclass


@dataclass
class Target:
    text: str
    met: object  # True, False, or None where it could not be measured
    figure: str


def at_least(text, value, bound, unit="×"):
    if value is None:
        return Target(f"{text} ≥ {bound} {unit}", None, "-")
    return Target(f"{text} ≥ {bound} {unit}", value >= bound, f"{value:,.2f} {unit}")


def at_most(text, value, bound, unit):
    if value is None:
        return Target(f"{text} ≤ {bound} {unit}", None, "-")
    return Target(f"{text} ≤ {bound} {unit}", value <= bound, f"{value:,.3f} {unit}")


def ratio(contest, *names):
    """Our whole process, cold, against the best of these, whose start is not held against them."""
    rates = [s.best_rate for s in map(contest.series, names) if s]
    return contest.ours.rate / max(rates) if contest.ours and rates else None
