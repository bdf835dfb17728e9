package dev.piecework.cli.verb;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The right spelling that is nearest to what was typed. */
public final class Nearest {

  private Nearest() {}

  public static Optional<String> of(String typed, Collection<String> right) {
    Optional<String> begun = right.stream().filter(word -> begins(word, typed)).findFirst();
    return right.stream()
        // Who typed a beginning has not mistyped three letters of another word.
        .filter(word -> distance(typed, word) <= (begun.isPresent() ? 1 : mostWrong(word)))
        .min(Comparator.comparingInt(word -> distance(typed, word)))
        .or(() -> begun);
  }

  private static int mostWrong(String word) {
    return Math.max(1, Math.min(3, word.length() / 2));
  }

  private static boolean begins(String word, String typed) {
    return typed.replace("-", "").length() >= 2 && word.startsWith(typed);
  }

  /** Letters to insert, remove, replace or swap with their neighbour. */
  static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int best =
            Math.min(
                cost[i - 1][j - 1] + (same ? 0 : 1), 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          best = Math.min(best, cost[i - 2][j - 2] + 1);
        }
        cost[i][j] = best;
      }
    }
    return cost[a.length()][b.length()];
  }
}
