package dev.agentroles.report;

import dev.agentroles.access.Grant;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.Securable;
import dev.agentroles.plan.Change;
import dev.agentroles.plan.Description;
import dev.agentroles.plan.Impact;
import dev.agentroles.plan.Reason;
import dev.agentroles.plan.Step;
import dev.agentroles.problem.Printable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The steps of a plan as a person wants to read them: the privileges on one object in one line, and of many
/// objects that get the same for the same reason the first few.
final class Lines {
    private static final int SHOWN = 8;

    /// @param steps how many steps the line stands for
    record Line(char sign, String text, Reason reason, Impact impact, int steps) {
        Line {
            text = Printable.line(text);
        }
    }

    private Lines() {}

    static List<Line> of(List<Step> steps, boolean all) {
        var lines = new ArrayList<Line>();
        var grants = new LinkedHashMap<Key, Map<Securable, List<Step>>>();
        for (var step : steps) {
            var grant = grant(step.change());
            if (grant == null) {
                var description = Description.of(step.change());
                lines.add(new Line(description.sign(), description.text(), step.reason(), description.impact(), 1));
                continue;
            }
            var description = Description.of(step.change());
            var key = new Key(
                    description.sign(),
                    description.impact(),
                    grant.grantee().toString() + (grant.grantable() ? " with grant option" : ""),
                    step.reason(),
                    group(grant.on()));
            grants.computeIfAbsent(key, _ -> new LinkedHashMap<>())
                    .computeIfAbsent(whole(grant.on()), _ -> new ArrayList<>())
                    .add(step);
        }
        grants.forEach((key, objects) -> lines.addAll(lines(key, objects, all)));
        return lines;
    }

    private record Key(char sign, Impact impact, String grantee, Reason reason, String group) {}

    private static List<Line> lines(Key key, Map<Securable, List<Step>> objects, boolean all) {
        var byPrivileges = new LinkedHashMap<String, List<Securable>>();
        var counts = new LinkedHashMap<Securable, Integer>();
        objects.forEach((object, steps) -> {
            byPrivileges
                    .computeIfAbsent(privileges(steps), _ -> new ArrayList<>())
                    .add(object);
            counts.put(object, steps.size());
        });
        var lines = new ArrayList<Line>();
        byPrivileges.forEach((privileges, members) -> {
            if (all || members.size() <= SHOWN) {
                members.forEach(object -> lines.add(new Line(
                        key.sign(),
                        privileges + " on " + object.display() + " to " + key.grantee(),
                        key.reason(),
                        key.impact(),
                        Objects.requireNonNull(counts.get(object)))));
            } else {
                var first = members.stream()
                        .limit(SHOWN / 2)
                        .map(Securable::display)
                        .collect(Collectors.joining(", "));
                lines.add(new Line(
                        key.sign(),
                        privileges + " on " + members.size() + " " + key.group() + " to " + key.grantee() + ": " + first
                                + ", ... (all with -v)",
                        key.reason(),
                        key.impact(),
                        members.stream()
                                .mapToInt(object -> Objects.requireNonNull(counts.get(object)))
                                .sum()));
            }
        });
        return lines;
    }

    /// `SELECT, UPDATE` or, of columns, `SELECT (id, name)`.
    private static String privileges(List<Step> steps) {
        var whole = EnumSet.noneOf(Privilege.class);
        var columns = new EnumMap<Privilege, List<String>>(Privilege.class);
        for (var step : steps) {
            var grant = Objects.requireNonNull(grant(step.change()));
            if (grant.on() instanceof Securable.Column column) {
                columns.computeIfAbsent(grant.privilege(), _ -> new ArrayList<>())
                        .add(column.name());
            } else {
                whole.add(grant.privilege());
            }
        }
        var byColumns = new LinkedHashMap<List<String>, Set<Privilege>>();
        columns.forEach((privilege, names) -> byColumns
                .computeIfAbsent(names, _ -> EnumSet.noneOf(Privilege.class))
                .add(privilege));
        var parts = new ArrayList<String>();
        if (!whole.isEmpty()) {
            parts.add(words(whole));
        }
        byColumns.forEach((names, privileges) -> parts.add(words(privileges) + " (" + String.join(", ", names) + ")"));
        return String.join("; ", parts);
    }

    private static String words(Set<Privilege> privileges) {
        return privileges.stream().map(Privilege::sql).collect(Collectors.joining(", "));
    }

    private static Securable whole(Securable securable) {
        return securable instanceof Securable.Column column ? column.owner() : securable;
    }

    private static String group(Securable securable) {
        return switch (securable) {
            case Securable.Relation relation -> "tables of schema " + relation.schema();
            case Securable.Column column -> "tables of schema " + column.schema();
            case Securable.Sequence sequence -> "sequences of schema " + sequence.schema();
            case Securable.Routine routine -> "routines of schema " + routine.schema();
            case Securable.Database _ -> "databases";
            case Securable.Schema _ -> "schemas";
            case Securable.Type _ -> "types";
            case Securable.Language _ -> "languages";
            case Securable.LargeObject _ -> "large objects";
            case Securable.ForeignDataWrapper _ -> "foreign-data wrappers";
            case Securable.ForeignServer _ -> "foreign servers";
            case Securable.Tablespace _ -> "tablespaces";
            case Securable.Parameter _ -> "parameters";
        };
    }

    private static @Nullable Grant grant(Change change) {
        return switch (change) {
            case Change.Give(var grant) -> grant;
            case Change.Revoke(var grant) -> grant;
            case Change.Withhold(var grant) -> grant;
            default -> null;
        };
    }
}
