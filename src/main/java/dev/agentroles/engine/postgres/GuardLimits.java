package dev.agentroles.engine.postgres;

import static java.util.stream.Collectors.joining;

import dev.agentroles.access.Guard;
import dev.agentroles.access.RoleName;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The limits as the guard reads them: a function that looks one agent up in a constant, so that a session pays
/// for one agent however many there are. A function is replaced without a lock, so that no session in a
/// transaction keeps its limits from being lowered; a table would be replicated, and a view locked by whoever
/// has read it.
final class GuardLimits {
    /// In the catalog's facts: the function tells these limits, to everybody the same.
    static final String CONSTANTS = "constants";

    /// It has another text than this program would give it: what it tells, and to whom, nobody knows.
    static final String EDITED = "edited";

    private static final String BEFORE = "BEGIN RETURN '{\n";
    private static final String AFTER = "\n}'::jsonb -> agent::text; END";

    private static final String NAME = "\"([^\"]+)\"";
    private static final String NUMBER = "(null|\\d{1,19})";

    private static final Pattern AGENT = Pattern.compile("(?m)^" + NAME + ": \\[(.*)],?$");

    private static final Pattern TIER =
            Pattern.compile("\\" + tier(NAME, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, "(true|false)"));

    private GuardLimits() {}

    /// As `guard-core.sql` tells it.
    static String fact() {
        return String.join(
                " | ",
                "function limits(agent name)",
                "jsonb",
                "plpgsql",
                "invoker",
                "stable",
                "",
                "owned",
                "closed",
                CONSTANTS);
    }

    /// All limits are written as a whole.
    static String define(Set<Guard.Limits> limits) {
        return """
                CREATE OR REPLACE FUNCTION agentroles_guard.limits(agent name) RETURNS jsonb
                LANGUAGE plpgsql STABLE AS $limits$%s$limits$""".formatted(body(limits));
    }

    private static String body(Set<Guard.Limits> limits) {
        var agents = limits.stream()
                .sorted(Comparator.comparing(Guard.Limits::tier))
                .collect(Collectors.groupingBy(
                        Guard.Limits::agent, TreeMap::new, Collectors.mapping(GuardLimits::tier, joining(", "))));
        return agents.entrySet().stream()
                .map(agent -> "%s: [%s]".formatted(name(agent.getKey()), agent.getValue()))
                .collect(joining(",\n", BEFORE, AFTER));
    }

    private static String tier(Guard.Limits limits) {
        var caps = limits.caps();
        var window = caps.flatMap(Guard.Caps::window);
        return tier(
                name(limits.tier()),
                number(caps.map(Guard.Caps::rows)),
                number(caps.map(Guard.Caps::rowsPerTransaction)),
                number(caps.map(Guard.Caps::wholeTable)),
                number(window.map(Guard.Window::rows)),
                number(window.map(Guard.Window::seconds)),
                caps.map(Guard.Caps::functions).orElse(true).toString());
    }

    private static String tier(
            String name,
            String rows,
            String rowsPerTransaction,
            String wholeTable,
            String rowsPerWindow,
            String windowSeconds,
            String functions) {
        return """
                {"tier": %s, "rows": %s, "rows_per_transaction": %s, "whole_table": %s, "rows_per_window": %s, \
                "window_seconds": %s, "functions": %s}""".formatted(name, rows, rowsPerTransaction, wholeTable, rowsPerWindow, windowSeconds, functions);
    }

    /// As JSON inside of an SQL literal.
    private static String name(RoleName role) {
        return '"' + role.value().replace("\\", "\\\\").replace("\"", "\\\"").replace("'", "''") + '"';
    }

    private static String number(Optional<Long> value) {
        return value.map(Object::toString).orElse("null");
    }

    /// What a text tells. Nothing of it is run: it may be somebody else's.
    ///
    /// @param source of the function
    /// @return empty if this program would have written another text for the same limits
    static Optional<Set<Guard.Limits>> parse(String source) {
        var limits = new LinkedHashSet<Guard.Limits>();
        try {
            AGENT.matcher(source)
                    .results()
                    .forEach(agent -> TIER.matcher(agent.group(2))
                            .results()
                            .map(tier -> limits(new RoleName(agent.group(1)), tier))
                            .forEach(limits::add));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
        return body(limits).equals(source) ? Optional.of(limits) : Optional.empty();
    }

    private static Guard.Limits limits(RoleName agent, MatchResult tier) {
        var rows = number(tier.group(2));
        var window = number(tier.group(5))
                .flatMap(most -> number(tier.group(6)).map(seconds -> new Guard.Window(most, seconds)));
        return new Guard.Limits(
                agent,
                new RoleName(tier.group(1)),
                rows.map(most -> new Guard.Caps(
                        most,
                        number(tier.group(3)).orElse(0L),
                        number(tier.group(4)).orElse(0L),
                        window,
                        Boolean.parseBoolean(tier.group(7)))));
    }

    private static Optional<Long> number(String text) {
        return text.equals("null") ? Optional.empty() : Optional.of(Long.valueOf(text));
    }
}
