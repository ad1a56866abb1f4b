package dev.agentroles.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads one pattern, character by character, so that what is wrong has its place in the text.
final class PatternReader {
    private final Item item;
    private final String text;
    private int next;

    private PatternReader(Item item, String text) {
        this.item = item;
        this.text = text;
    }

    static Optional<Pattern> include(Item item) {
        return read(item).filter(pattern -> {
            pattern.column()
                    .ifPresent(column -> item.problems()
                            .add(
                                    item.at(),
                                    Quoted.of(pattern.text()) + " names a column",
                                    "include the table and exclude the columns that are not to be read"));
            return pattern.column().isEmpty();
        });
    }

    static Optional<Pattern> exclude(Item item) {
        return read(item);
    }

    private static Optional<Pattern> read(Item item) {
        return item.text().flatMap(text -> new PatternReader(item, text).pattern());
    }

    private Optional<Pattern> pattern() {
        return parts().flatMap(parts -> switch (parts.size()) {
            case 2 -> Optional.of(new Pattern(text, parts.get(0), parts.get(1), Optional.empty(), item.at()));
            case 3 -> Optional.of(new Pattern(text, parts.get(0), parts.get(1), Optional.of(parts.get(2)), item.at()));
            default -> {
                item.problems()
                        .add(
                                item.at(),
                                Quoted.of(text) + (parts.size() == 1 ? " has one part" : " has more than three parts"),
                                "write schema.table, or schema.table.column to exclude a column");
                yield Optional.empty();
            }
        });
    }

    private Optional<List<Pattern.Part>> parts() {
        var parts = new ArrayList<Pattern.Part>();
        while (true) {
            var part = next < text.length() && text.charAt(next) == '"' ? quoted() : bare();
            if (part.isEmpty()) {
                return Optional.empty();
            }
            parts.add(part.get());
            if (next == text.length()) {
                return Optional.of(parts);
            }
            if (text.charAt(next) != '.') {
                return wrong(next, "a dot is missing after the closing quote");
            }
            next++;
        }
    }

    private Optional<Pattern.Part> quoted() {
        int open = next++;
        var name = new StringBuilder();
        while (next < text.length()) {
            char character = text.charAt(next++);
            if (character != '"') {
                name.append(character);
            } else if (next < text.length() && text.charAt(next) == '"') {
                name.append('"');
                next++;
            } else {
                return name.isEmpty()
                        ? wrong(open, "there is nothing between the quotes")
                        : Optional.of(new Pattern.Part(name.toString(), true));
            }
        }
        return wrong(open, "the quote is not closed");
    }

    private Optional<Pattern.Part> bare() {
        int start = next;
        while (next < text.length() && text.charAt(next) != '.') {
            char character = text.charAt(next);
            if (character == '"' || Character.isWhitespace(character)) {
                return wrong(next, "a name with quotes or spaces must be in double quotes as a whole");
            }
            next++;
        }
        return next == start
                ? wrong(start, "a name is missing")
                : Optional.of(new Pattern.Part(text.substring(start, next), false));
    }

    private <T> Optional<T> wrong(int offset, String why) {
        item.problems().add(item.at(offset), "in the pattern " + Quoted.of(text) + " " + why);
        return Optional.empty();
    }
}
