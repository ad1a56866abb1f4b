package dev.agentroles.report;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// Columns that stand below each other, the first row in bold. Where a row is too long for the terminal, its
/// columns go on in the lines below it.
///
/// @param terminal how many characters fit in a line; empty: any number
record Table(Paint paint, List<List<String>> rows, OptionalInt terminal) {
    private static final String GAP = "  ";

    /// Every row has as many cells as the first.
    Table {
        rows = List.copyOf(rows);
    }

    /// Columns that share a line.
    ///
    /// @param end the first that does not
    private record Columns(int begin, int end) {
        String indent() {
            return begin == 0 ? "" : GAP;
        }
    }

    String text() {
        var widths = IntStream.range(0, rows.getFirst().size()).map(this::width).toArray();
        var lines = lines(widths);
        var text = new StringBuilder();
        for (int r = 0; r < rows.size(); r++) {
            for (var columns : lines) {
                var line = line(rows.get(r), columns, widths);
                text.append(r == 0 ? paint.bold(line) : line).append('\n');
            }
        }
        return text.toString();
    }

    private List<Columns> lines(int[] widths) {
        var lines = new ArrayList<Columns>();
        int begin = 0;
        int length = widths[0];
        for (int c = 1; c < widths.length; c++) {
            int longer = length + GAP.length() + widths[c];
            if (longer > terminal.orElse(Integer.MAX_VALUE)) {
                lines.add(new Columns(begin, c));
                begin = c;
                length = GAP.length() + widths[c];
            } else {
                length = longer;
            }
        }
        lines.add(new Columns(begin, widths.length));
        return lines;
    }

    private static String line(List<String> row, Columns columns, int[] widths) {
        var line = new StringBuilder(columns.indent());
        int last = columns.end() - 1;
        for (int c = columns.begin(); c < last; c++) {
            var cell = row.get(c);
            line.append(cell).append(" ".repeat(widths[c] - cell.length())).append(GAP);
        }
        return line.append(row.get(last)).toString();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
