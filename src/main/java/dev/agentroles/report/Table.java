package dev.agentroles.report;

import java.util.List;

/// Columns that stand below each other, the first row in bold.
record Table(Paint paint, List<List<String>> rows) {
    /// Every row has as many cells as the first.
    Table {
        rows = List.copyOf(rows);
    }

    String text() {
        var text = new StringBuilder();
        int last = rows.getFirst().size() - 1;
        for (int r = 0; r < rows.size(); r++) {
            var line = new StringBuilder();
            for (int c = 0; c <= last; c++) {
                var cell = rows.get(r).get(c);
                line.append(cell).append(c == last ? "" : " ".repeat(width(c) - cell.length() + 2));
            }
            text.append(r == 0 ? paint.bold(line.toString()) : line.toString()).append('\n');
        }
        return text.toString();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
