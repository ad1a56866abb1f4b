package dev.agentroles.problem;

/// A place in a text file. Line and column count from 1, as editors show them.
public record Position(String file, int line, int column) implements Comparable<Position> {
    @Override
    public int compareTo(Position other) {
        int byFile = file.compareTo(other.file);
        int byLine = byFile != 0 ? byFile : Integer.compare(line, other.line);
        return byLine != 0 ? byLine : Integer.compare(column, other.column);
    }

    /// `file:line:column`, which editors and terminals make clickable.
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
