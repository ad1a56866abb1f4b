package dev.agentroles.engine.postgres;

import dev.agentroles.access.Guard;
import dev.agentroles.access.RoleName;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The limits as the guard reads them: a function of constants, which the planner puts into the query that
/// asks. A function is replaced without a lock, so that no session in a transaction keeps its limits from
/// being lowered; a table would be replicated, and a view locked by whoever has read it.
final class GuardLimits {
    /// In the catalog's facts: the function tells these limits, to everybody the same.
    static final String CONSTANTS = "constants";

    /// It has another text than this program would give it: what it tells, and to whom, nobody knows.
    static final String EDITED = "edited";

    private static final String RESULT = "TABLE(agent name, tier name, rows bigint, rows_per_transaction bigint,"
            + " whole_table bigint, rows_per_window bigint, window_seconds bigint, functions boolean)";

    private static final String NOBODY =
            "SELECT ''::name, ''::name, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, false WHERE false";

    private static final String NUMBER = "(NULL|\\d{1,19})::bigint";

    private static final Pattern ROW =
            Pattern.compile("\\('([^']+)'::name, '([^']+)'::name, " + (NUMBER + ", ").repeat(5) + "(true|false)\\)");

    private GuardLimits() {}

    /// As `guard-core.sql` tells it.
    static String fact() {
        return String.join(
                " | ", "function limits()", RESULT, "sql", "invoker", "stable", "", "owned", "closed", CONSTANTS);
    }

    /// All limits are written as a whole.
    static String define(Set<Guard.Limits> limits) {
        return """
                CREATE OR REPLACE FUNCTION agentroles_guard.limits() RETURNS %s
                LANGUAGE sql STABLE AS $limits$%s$limits$""".formatted(RESULT, body(limits));
    }

    private static String body(Set<Guard.Limits> limits) {
        return limits.isEmpty()
                ? NOBODY
                : limits.stream()
                        .sorted(Comparator.comparing(Guard.Limits::agent).thenComparing(Guard.Limits::tier))
                        .map(GuardLimits::row)
                        .collect(Collectors.joining(",\n       ", "VALUES ", ""));
    }

    private static String row(Guard.Limits limits) {
        var caps = limits.caps();
        var window = caps.flatMap(Guard.Caps::window);
        return Stream.of(
                        name(limits.agent()),
                        name(limits.tier()),
                        number(caps.map(Guard.Caps::rows)),
                        number(caps.map(Guard.Caps::rowsPerTransaction)),
                        number(caps.map(Guard.Caps::wholeTable)),
                        number(window.map(Guard.Window::rows)),
                        number(window.map(Guard.Window::seconds)),
                        caps.map(Guard.Caps::functions).orElse(true).toString())
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private static String name(RoleName role) {
        return "%s::name".formatted(Sql.literal(role.value()));
    }

    private static String number(Optional<Long> value) {
        return value.map(Object::toString).orElse("NULL") + "::bigint";
    }

    /// What a text tells. Nothing of it is run: it may be somebody else's.
    ///
    /// @param source of the function
    /// @return empty if this program would have written another text for the same limits
    static Optional<Set<Guard.Limits>> parse(String source) {
        var limits = new LinkedHashSet<Guard.Limits>();
        var row = ROW.matcher(source);
        try {
            while (row.find()) {
                limits.add(limits(row));
            }
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
        return body(limits).equals(source) ? Optional.of(limits) : Optional.empty();
    }

    private static Guard.Limits limits(Matcher row) {
        var rows = number(row.group(3));
        var window = number(row.group(6))
                .flatMap(most -> number(row.group(7)).map(seconds -> new Guard.Window(most, seconds)));
        return new Guard.Limits(
                new RoleName(row.group(1)),
                new RoleName(row.group(2)),
                rows.map(most -> new Guard.Caps(
                        most,
                        number(row.group(4)).orElse(0L),
                        number(row.group(5)).orElse(0L),
                        window,
                        Boolean.parseBoolean(row.group(8)))));
    }

    private static Optional<Long> number(String text) {
        return text.equals("NULL") ? Optional.empty() : Optional.of(Long.valueOf(text));
    }
}
