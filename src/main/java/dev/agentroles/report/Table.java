package dev.agentroles.report;

import java.util.List;
import java.util.stream.IntStream;

/// Columns that stand below each other, the first row in bold.
record Table(Paint paint, List<List<String>> rows) {
    /// Every row has as many cells as the first.
    Table {
        rows = List.copyOf(rows);
    }

    String text() {
        int last = rows.getFirst().size() - 1;
        var widths = IntStream.range(0, last).map(this::width).toArray();
        var text = new StringBuilder();
        for (int r = 0; r < rows.size(); r++) {
            var line = new StringBuilder();
            for (int c = 0; c < last; c++) {
                var cell = rows.get(r).get(c);
                line.append(cell).append(" ".repeat(widths[c] - cell.length() + 2));
            }
            line.append(rows.get(r).get(last));
            text.append(r == 0 ? paint.bold(line.toString()) : line.toString()).append('\n');
        }
        return text.toString();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
