package dev.agentroles.profile;

import dev.agentroles.access.Securable;
import dev.agentroles.problem.Position;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One line of `include` or `exclude`: `schema.relation` or `schema.relation.column`. A bare part may hold
/// `*` and `?`; a part in double quotes is literal (`""` inside it is one quote). Names are case-sensitive,
/// as catalogs hold them, but for columns where the server itself makes no difference.
///
/// @param text as the profile writes it
/// @param column only in `exclude`
public record Pattern(String text, Part schema, Part relation, Optional<Part> column, Position at) {
    /// What needs no quotes.
    private static final java.util.regex.Pattern BARE =
            java.util.regex.Pattern.compile("[^.\"*?\\s\\p{Cntrl}]+", java.util.regex.Pattern.UNICODE_CHARACTER_CLASS);

    /// One part of a name: either exact or with wildcards.
    ///
    /// @param text without quotes; with `*` and `?` as wildcards if `literal` is false
    /// @param anyCase whether names that differ in case only are the same to it
    public record Part(String text, boolean literal, boolean anyCase) {
        public Part(String text, boolean literal) {
            this(text, literal, false);
        }

        /// Whether the part names exactly one thing.
        public boolean exact() {
            return literal || (text.indexOf('*') < 0 && text.indexOf('?') < 0);
        }

        public boolean matches(String name) {
            return exact() ? same(name) : glob(0, name, 0);
        }

        private boolean same(String name) {
            return anyCase ? text.equalsIgnoreCase(name) : text.equals(name);
        }

        private boolean same(char one, char other) {
            return one == other || (anyCase && folded(one) == folded(other));
        }

        /// As [String#equalsIgnoreCase] compares.
        private static char folded(char character) {
            return Character.toLowerCase(Character.toUpperCase(character));
        }

        private boolean glob(int i, String name, int j) {
            int star = -1;
            int mark = 0;
            while (j < name.length()) {
                if (i < text.length()
                        && (text.charAt(i) == '?' || (text.charAt(i) != '*' && same(text.charAt(i), name.charAt(j))))) {
                    i++;
                    j++;
                } else if (i < text.length() && text.charAt(i) == '*') {
                    star = i++;
                    mark = j;
                } else if (star >= 0) {
                    i = star + 1;
                    j = ++mark;
                } else {
                    return false;
                }
            }
            while (i < text.length() && text.charAt(i) == '*') {
                i++;
            }
            return i == text.length();
        }
    }

    /// As a profile writes the name that has these parts, meant exactly.
    public static String exactly(String... parts) {
        return Stream.of(parts)
                .map(part -> BARE.matcher(part).matches() ? part : '"' + part.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining("."));
    }

    /// Whether a profile can write the name: text there holds no control character.
    public static boolean canName(String name) {
        return name.chars().noneMatch(Character::isISOControl);
    }

    /// The same for an exclude of whatever is called so: where a profile cannot write the name, any character may
    /// stand in the place of one that it cannot write.
    public static String hiding(String... parts) {
        return Stream.of(parts)
                .map(part -> canName(part) ? exactly(part) : part.replaceAll("[.\"*?\\s\\p{Cntrl}]", "?"))
                .collect(Collectors.joining("."));
    }

    /// As a profile writes every relation of a schema.
    public static String all(String schema) {
        return exactly(schema) + ".*";
    }

    /// The same, where the server compares names of columns without case.
    Pattern withColumnInAnyCase() {
        return new Pattern(text, schema, relation, column.map(part -> new Part(part.text(), part.literal(), true)), at);
    }

    /// Whether the pattern names exactly one relation, without wildcards.
    public boolean exact() {
        return schema.exact() && relation.exact();
    }

    /// Whether the relation has such a name; of a column's pattern, whether it may have such a column.
    public boolean matches(Securable.Relation named) {
        return schema.matches(named.schema()) && relation.matches(named.name());
    }
}
