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
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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
        var grants = new LinkedHashMap<Key, Map<Securable, List<Grant>>>();
        for (var step : steps) {
            var description = Description.of(step.change());
            grant(step.change())
                    .ifPresentOrElse(
                            grant -> grants.computeIfAbsent(
                                            Key.of(description, grant, step.reason()), _ -> new LinkedHashMap<>())
                                    .computeIfAbsent(grant.on().whole(), _ -> new ArrayList<>())
                                    .add(grant),
                            () -> lines.add(new Line(
                                    description.sign(), description.text(), step.reason(), description.impact(), 1)));
        }
        grants.forEach((key, objects) -> lines.addAll(lines(key, objects, all)));
        return lines;
    }

    /// What steps have in common that may share a line.
    private record Key(char sign, Impact impact, String grantee, Reason reason, String group) {
        static Key of(Description description, Grant grant, Reason reason) {
            return new Key(
                    description.sign(),
                    description.impact(),
                    grant.grantee() + (grant.grantable() ? " with grant option" : ""),
                    reason,
                    Lines.group(grant.on()));
        }

        Line line(String privileges, String on, String more, int steps) {
            return new Line(sign, privileges + " on " + on + " to " + grantee + more, reason, impact, steps);
        }
    }

    private static List<Line> lines(Key key, Map<Securable, List<Grant>> objects, boolean all) {
        var counts = new LinkedHashMap<String, Map<Securable, Integer>>();
        objects.forEach((object, grants) -> counts.computeIfAbsent(privileges(grants), _ -> new LinkedHashMap<>())
                .put(object, grants.size()));
        var lines = new ArrayList<Line>();
        counts.forEach((privileges, members) -> {
            if (all || members.size() <= SHOWN) {
                members.forEach((object, count) -> lines.add(key.line(privileges, object.display(), "", count)));
            } else {
                var first = members.keySet().stream()
                        .limit(SHOWN / 2)
                        .map(Securable::display)
                        .collect(Collectors.joining(", "));
                lines.add(key.line(
                        privileges,
                        members.size() + " " + key.group(),
                        ": " + first + ", ... (all with -v)",
                        members.values().stream().mapToInt(Integer::intValue).sum()));
            }
        });
        return lines;
    }

    /// `SELECT, UPDATE` or, of columns, `SELECT (id, name)`.
    private static String privileges(List<Grant> grants) {
        var whole = EnumSet.noneOf(Privilege.class);
        var columns = new EnumMap<Privilege, List<String>>(Privilege.class);
        for (var grant : grants) {
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

    private static Optional<Grant> grant(Change change) {
        return switch (change) {
            case Change.Give(var grant) -> Optional.of(grant);
            case Change.Revoke(var grant) -> Optional.of(grant);
            case Change.Withhold(var grant) -> Optional.of(grant);
            default -> Optional.empty();
        };
    }
}
