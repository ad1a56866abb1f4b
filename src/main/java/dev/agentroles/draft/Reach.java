package dev.agentroles.draft;

import dev.agentroles.access.Privilege;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.Holding;
import dev.agentroles.engine.Holdings;
import dev.agentroles.engine.Survey;
import dev.agentroles.profile.Pattern;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What an account can do in tables, as far as a tier can give it: by whatever role, by PUBLIC, by what it owns, and
/// where it has only to say SET ROLE before.
///
/// @param reads each relation that it reads, with the columns that it does not
/// @param writes each table that it changes, with what it may do to every column that it reads
/// @param lost what it can do in tables and no tier gives, in words
record Reach(
        SortedMap<Securable.Relation, Set<String>> reads,
        SortedMap<Securable.Relation, Set<Privilege>> writes,
        List<String> lost) {
    static final Comparator<Securable.Relation> BY_NAME =
            Comparator.comparing(Securable.Relation::schema).thenComparing(Securable.Relation::name);

    static final Set<Privilege> WRITES = Set.of(Privilege.INSERT, Privilege.UPDATE, Privilege.DELETE);

    static Reach of(Holdings holdings, Survey survey) {
        return new Reading(holdings, survey).reach();
    }

    /// Whether a privilege comes with the scopes and tiers of [AccountDraft].
    boolean keeps(Privilege privilege, Securable on) {
        return switch (on) {
            case Securable.Relation relation -> keeps(privilege, relation);
            case Securable.Column column ->
                keeps(privilege, column.owner())
                        && !reads.getOrDefault(column.owner(), Set.of()).contains(column.name());
            default -> false;
        };
    }

    private boolean keeps(Privilege privilege, Securable.Relation relation) {
        return privilege == Privilege.SELECT
                ? reads.containsKey(relation)
                : WRITES.contains(privilege) && writes.containsKey(relation);
    }

    /// Whether the superuser's own power counts: not where he must become it first.
    static boolean isSuperuser(Holdings holdings) {
        return holdings.superuser().filter(path -> path.size() == 1).isPresent();
    }

    private static final class Reading {
        private final Map<Securable, Set<Privilege>> held = new HashMap<>();
        private final Survey survey;
        private final boolean superuser;
        private final SortedMap<Securable.Relation, Set<String>> reads = new TreeMap<>(BY_NAME);
        private final SortedMap<Securable.Relation, Set<Privilege>> writes = new TreeMap<>(BY_NAME);
        private final SortedMap<String, SortedSet<String>> lost = new TreeMap<>();

        Reading(Holdings holdings, Survey survey) {
            this.survey = survey;
            this.superuser = isSuperuser(holdings);
            holdings.all().stream()
                    .filter(holding -> holding.usable() && holding.reach() != Holding.Reach.SELF_GRANT)
                    .forEach(holding -> held.computeIfAbsent(holding.on(), _ -> EnumSet.noneOf(Privilege.class))
                            .add(holding.privilege()));
        }

        Reach reach() {
            survey.tables().stream()
                    .filter(table -> enters(table.name().schema()))
                    .forEach(this::table);
            throughParents();
            writes.keySet().retainAll(reads.keySet());
            return new Reach(
                    reads,
                    writes,
                    lost.entrySet().stream()
                            .map(entry -> entry.getKey().formatted(Listed.of(entry.getValue())))
                            .toList());
        }

        private boolean enters(String schema) {
            return superuser || !survey.entersSchemas() || has(Privilege.USAGE, new Securable.Schema(schema));
        }

        private boolean has(Privilege privilege, Securable on) {
            return superuser || held.getOrDefault(on, Set.of()).contains(privilege);
        }

        private boolean has(Privilege privilege, Securable.Relation table, String column) {
            return has(privilege, table) || has(privilege, table.column(column));
        }

        private void table(Survey.Table table) {
            var name = table.name();
            if (!Pattern.canName(name.schema()) || !Pattern.canName(name.name())) {
                lose("what it holds on %s: a profile cannot write the name", name);
                return;
            }
            var columns = survey.columns().of(name);
            var hidden = hidden(name, columns);
            boolean unread = columns.isEmpty() ? !has(Privilege.SELECT, name) : hidden.containsAll(columns);
            boolean unhidden = !hidden.isEmpty() && table.stored() && !survey.hidesColumns();
            if (!unread && !unhidden) {
                reads.put(name, hidden);
            } else if (!unread) {
                lose(
                        "SELECT on some columns of %s: this engine shows whole rows to whoever may read one column; a view"
                                + " of those columns can be included by exact name",
                        name);
            }
            writes(table, columns, hidden, unread);
        }

        private Set<String> hidden(Securable.Relation name, List<String> columns) {
            var hidden = new LinkedHashSet<String>();
            columns.stream()
                    .filter(column -> !has(Privilege.SELECT, name, column))
                    .forEach(hidden::add);
            var telling = columns.stream()
                    .filter(column -> !hidden.contains(column)
                            && survey.columns().origins(name, column).stream().anyMatch(hidden::contains))
                    .toList();
            telling.forEach(column -> lose(
                    "SELECT on %s: computed from columns that it does not read",
                    name.column(column).display()));
            hidden.addAll(telling);
            return hidden;
        }

        private void writes(Survey.Table table, List<String> columns, Set<String> hidden, boolean unread) {
            var name = table.name();
            var some = EnumSet.noneOf(Privilege.class);
            var all = EnumSet.noneOf(Privilege.class);
            for (var privilege : WRITES) {
                var shown = columns.stream()
                        .filter(column -> !hidden.contains(column))
                        .toList();
                if (has(privilege, name) || columns.stream().anyMatch(column -> has(privilege, name, column))) {
                    some.add(privilege);
                }
                if (has(privilege, name)
                        || (!shown.isEmpty() && shown.stream().allMatch(column -> has(privilege, name, column)))) {
                    all.add(privilege);
                }
            }
            if (some.isEmpty()) {
                return;
            }
            if (!table.stored()) {
                lose(words(some) + " on %s: no tier changes rows through a view or foreign table", name);
            } else if (unread) {
                lose(words(some) + " on %s, which it does not read: every tier reads what it changes", name);
            } else if (!hidden.isEmpty() && !survey.hidesFromWriters()) {
                lose(words(some) + " on %s: this engine hides no column from whoever may insert into its table", name);
            } else {
                writes.put(name, all);
            }
        }

        /// Of a table whose rows are read through another of these nothing can be hidden.
        private void throughParents() {
            var open = reads.entrySet().stream()
                    .filter(part -> survey.ancestors().getOrDefault(part.getKey(), Set.of()).stream()
                            .anyMatch(parent -> reads.containsKey(parent)
                                    && part.getValue().stream().anyMatch(column -> shows(parent, column))))
                    .map(Map.Entry::getKey)
                    .toList();
            open.forEach(
                    part -> lose("SELECT on %s by itself: its rows are read through the table it is a part of", part));
            reads.keySet().removeAll(open);
        }

        private boolean shows(Securable.Relation table, String column) {
            return survey.columns().of(table).contains(column)
                    && !reads.getOrDefault(table, Set.of()).contains(column);
        }

        private void lose(String what, Securable.Relation table) {
            lose(what, table.display());
        }

        private void lose(String what, String name) {
            lost.computeIfAbsent(what, _ -> new TreeSet<>()).add(name);
        }
    }

    static String words(Set<Privilege> privileges) {
        return String.join(
                ", ", privileges.stream().sorted().map(Privilege::sql).toList());
    }
}
