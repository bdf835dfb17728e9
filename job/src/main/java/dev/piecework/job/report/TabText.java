package dev.piecework.job.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Text whose tabs are stops, as kubectl prints it: in lines that follow each other the cells of a
 * column are as wide as the widest of them and two spaces. What stands after the last tab of a line
 * is no cell.
 */
final class TabText {
  private static final int PADDING = 2;

  private final List<List<String>> lines = new ArrayList<>();

  /** A line whose cells are ended by tabs. */
  TabText line(String text) {
    lines.add(List.of(text.split("\t", -1)));
    return this;
  }

  @Override
  public String toString() {
    int[][] widths = new int[lines.size()][];
    for (int i = 0; i < lines.size(); i++) {
      widths[i] = new int[lines.get(i).size() - 1];
    }
    for (int i = 0; i < lines.size(); i++) {
      for (int column = 0; column < widths[i].length; column++) {
        if (widths[i][column] == 0) {
          widen(widths, i, column);
        }
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      List<String> cells = lines.get(i);
      for (int column = 0; column < cells.size() - 1; column++) {
        text.append(cells.get(column)).repeat(' ', widths[i][column] - cells.get(column).length());
      }
      text.append(cells.getLast()).append('\n');
    }
    return text.toString();
  }

  /** Gives a column its width, from this line to the last in a row that has it. */
  private void widen(int[][] widths, int first, int column) {
    int end = first;
    int width = 0;
    while (end < lines.size() && widths[end].length > column) {
      width = Math.max(width, lines.get(end).get(column).length());
      end++;
    }
    for (int i = first; i < end; i++) {
      widths[i][column] = width + PADDING;
    }
  }
}
