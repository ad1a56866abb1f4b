package dev.agentroles.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What a person calls an object: `app.orders`, `table app."Order Items"`, `app.total(int)`, `schema app`.
///
/// @param kind empty if no word says what it is
/// @param word that one, in lower case; "" if there is none
/// @param parts of the name, without their quotes; case counts, as in profiles
/// @param arguments what stands between a routine's parentheses
public record ObjectName(Optional<Kind> kind, String word, List<String> parts, Optional<String> arguments) {
    public ObjectName {
        parts = List.copyOf(parts);
    }

    /// Kinds of objects as people tell them apart.
    public enum Kind {
        RELATION,
        COLUMN,
        SEQUENCE,
        ROUTINE,
        TYPE,
        SCHEMA,
        DATABASE,
        LANGUAGE,
        LARGE_OBJECT,
        FOREIGN_DATA_WRAPPER,
        FOREIGN_SERVER,
        TABLESPACE,
        PARAMETER
    }

    private static final Map<String, Kind> WORDS = Map.ofEntries(
            Map.entry("table", Kind.RELATION),
            Map.entry("view", Kind.RELATION),
            Map.entry("relation", Kind.RELATION),
            Map.entry("partition", Kind.RELATION),
            Map.entry("materialized view", Kind.RELATION),
            Map.entry("foreign table", Kind.RELATION),
            Map.entry("column", Kind.COLUMN),
            Map.entry("sequence", Kind.SEQUENCE),
            Map.entry("routine", Kind.ROUTINE),
            Map.entry("function", Kind.ROUTINE),
            Map.entry("procedure", Kind.ROUTINE),
            Map.entry("aggregate", Kind.ROUTINE),
            Map.entry("type", Kind.TYPE),
            Map.entry("domain", Kind.TYPE),
            Map.entry("schema", Kind.SCHEMA),
            Map.entry("database", Kind.DATABASE),
            Map.entry("language", Kind.LANGUAGE),
            Map.entry("large object", Kind.LARGE_OBJECT),
            Map.entry("foreign-data wrapper", Kind.FOREIGN_DATA_WRAPPER),
            Map.entry("foreign data wrapper", Kind.FOREIGN_DATA_WRAPPER),
            Map.entry("foreign server", Kind.FOREIGN_SERVER),
            Map.entry("server", Kind.FOREIGN_SERVER),
            Map.entry("tablespace", Kind.TABLESPACE),
            Map.entry("parameter", Kind.PARAMETER));

    /// The longest word of a kind has three of its own.
    private static final int WORDS_OF_A_KIND = 3;

    /// @return empty if it cannot be read as a name: a quote is not closed, a part is missing
    public static Optional<ObjectName> parse(String text) {
        var words = text.strip().split("\\s+", WORDS_OF_A_KIND + 1);
        for (int count = Math.min(WORDS_OF_A_KIND, words.length - 1); count > 0; count--) {
            var word = String.join(" ", List.of(words).subList(0, count)).toLowerCase(Locale.ROOT);
            var kind = WORDS.get(word);
            if (kind != null) {
                var name = text.strip().replaceFirst("(\\S+\\s+){" + count + "}", "");
                return name(Optional.of(kind), word, name);
            }
        }
        return name(Optional.empty(), "", text.strip());
    }

    private static Optional<ObjectName> name(Optional<Kind> kind, String word, String text) {
        var parts = new ArrayList<String>();
        int next = 0;
        while (true) {
            int end = next < text.length() && text.charAt(next) == '"' ? closed(text, next) : bare(text, next);
            if (end <= next) {
                return Optional.empty();
            }
            parts.add(unquoted(text.substring(next, end)));
            if (end == text.length()) {
                return Optional.of(new ObjectName(kind, word, parts, Optional.empty()));
            }
            if (text.charAt(end) == '(' && text.endsWith(")")) {
                var arguments = text.substring(end + 1, text.length() - 1);
                return Optional.of(
                        new ObjectName(kind.or(() -> Optional.of(Kind.ROUTINE)), word, parts, Optional.of(arguments)));
            }
            if (text.charAt(end) != '.') {
                return Optional.empty();
            }
            next = end + 1;
        }
    }

    /// Behind the closing quote; -1 without one. A double quote inside is written twice.
    private static int closed(String text, int open) {
        int quote = text.indexOf('"', open + 1);
        while (quote >= 0 && text.startsWith("\"\"", quote)) {
            quote = text.indexOf('"', quote + 2);
        }
        return quote < 0 ? -1 : quote + 1;
    }

    private static int bare(String text, int start) {
        int end = start;
        while (end < text.length() && text.charAt(end) != '.' && text.charAt(end) != '(') {
            end++;
        }
        return end;
    }

    private static String unquoted(String part) {
        return part.startsWith("\"") ? part.substring(1, part.length() - 1).replace("\"\"", "\"") : part.strip();
    }

    /// The same, said to be of a kind where nothing says it.
    public ObjectName orKind(Kind presumed) {
        return kind.isPresent() ? this : new ObjectName(Optional.of(presumed), word, parts, arguments);
    }

    /// As [dev.agentroles.access.Securable#display] would write it.
    public String display() {
        var plain = kind.filter(one -> one != Kind.RELATION && one != Kind.COLUMN)
                .map(one -> word.isEmpty() ? one.name().toLowerCase(Locale.ROOT) + " " : word + " ")
                .orElse("");
        return plain
                + String.join(".", parts)
                + arguments.map(types -> "(" + types + ")").orElse("");
    }

    public boolean is(Kind wanted) {
        return kind.filter(one -> one == wanted).isPresent();
    }
}
