package dev.agentroles.engine.mysql;

import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.access.Sha256;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// How a guard stands before a table, in one line: for whom, with which columns, and all the rest
/// as a fingerprint. What is wanted is computed from this program's own text, what is there from
/// what the server says; they are equal only if it works the same.
///
/// @param tiers that write through it
/// @param columns of the view
/// @param rest fingerprint of the views' text and options, the counting routine, and the rights of
/// the guard's account
record GuardDefinition(SortedSet<RoleName> tiers, List<String> columns, String rest) {
    private static final Pattern TEXT = Pattern.compile("for (?<tiers>[^;]*); columns .*", Pattern.DOTALL);

    private static final Pattern SELECTED = Pattern.compile("`b`\\.`(?:[^`]|``)*` AS `(?<name>(?:[^`]|``)*)`");

    private static final List<String> WRITES = List.of("Delete", "Insert", "Select", "Update");

    /// As `mysql.tables_priv` writes GRANT OPTION.
    static final String PASSES_ON = "Grant";

    /// MySQL before 8.0.20 or so leaves out what others add around a condition.
    private static final String TRUTH = "where (0 <> (case ";

    static GuardDefinition wanted(GuardForm form, GuardedTable guarded) {
        var facts = new ArrayList<String>();
        for (var view : form.views(guarded)) {
            facts.add(view.canonical());
            facts.add(view.check().isEmpty() ? "NONE" : view.check());
        }
        facts.add(guarded.paths().isEmpty() ? "" : GuardSql.gone(guarded).body());
        var rights = new TreeSet<>(WRITES);
        if (form.passesOn(guarded)) {
            rights.add(PASSES_ON);
        }
        facts.add(rights.toString());
        schemas(children(guarded)).forEach(schema -> facts.add("Select in " + schema));
        return new GuardDefinition(guarded.tiers(), guarded.columns(), fingerprint(facts));
    }

    static GuardDefinition found(Securable.Relation table, GuardCatalog catalog) {
        var facts = new ArrayList<String>();
        var columns = new ArrayList<String>();
        for (var schema : catalog.form().viewSchemas(table)) {
            var row = Optional.ofNullable(catalog.views().get(new Securable.Relation(schema, table.name())));
            var text = row.flatMap(GuardCatalog.ViewRow::definition).orElse("");
            columns.clear();
            columns.addAll(columns(text));
            facts.add(row.filter(found -> found.security().equals("DEFINER"))
                    .map(_ -> plain(text))
                    .orElse("no view"));
            facts.add(row.map(GuardCatalog.ViewRow::check).orElse("NONE"));
        }
        facts.add(catalog.routines().getOrDefault(GuardSql.gone(table), ""));
        facts.add(catalog.rightsOn(table).toString());
        schemas(catalog.tables().children(table))
                .forEach(schema -> facts.add((catalog.readsIn(schema) ? "Select in " : "nothing in ") + schema));
        return new GuardDefinition(new TreeSet<>(catalog.tiersOf(table)), columns, fingerprint(facts));
    }

    private static List<String> schemas(List<Securable.Relation> children) {
        return children.stream()
                .map(Securable.Relation::schema)
                .distinct()
                .sorted()
                .toList();
    }

    static List<Securable.Relation> children(GuardedTable guarded) {
        return guarded.paths().stream()
                .flatMap(path -> path.keys().stream())
                .map(GuardedTable.ForeignKey::child)
                .distinct()
                .sorted(Comparator.comparing(Securable.Relation::display))
                .toList();
    }

    private static String plain(String definition) {
        return definition.contains(TRUTH)
                ? definition.replace(TRUTH, "where (case ").replaceFirst("\\)\\)$", ")")
                : definition;
    }

    private static List<String> columns(String definition) {
        int from = definition.indexOf(" from `");
        return SELECTED.matcher(from < 0 ? definition : definition.substring(0, from))
                .results()
                .map(found -> found.group("name").replace("``", "`"))
                .toList();
    }

    /// The tiers of a definition that stands in a change.
    static List<RoleName> tiers(String text) {
        var found = TEXT.matcher(text);
        return found.matches() && !found.group("tiers").isEmpty()
                ? Arrays.stream(found.group("tiers").split(", "))
                        .map(RoleName::new)
                        .toList()
                : List.of();
    }

    String text() {
        return "for " + tiers.stream().map(RoleName::value).collect(Collectors.joining(", ")) + "; columns "
                + String.join(", ", columns) + "; text " + rest;
    }

    // --- the guard's own objects ---

    /// What the catalog holds where the guard is as it should be.
    static List<String> core(GuardForm form) {
        var facts = new ArrayList<String>();
        var mode = "";
        for (var file : form.files()) {
            for (var statement : GuardSql.statements(file)) {
                mode = GuardSql.mode(statement).orElse(mode);
                var current = mode;
                Routine.of(statement).ifPresent(routine -> facts.add(routine.fact(form, current)));
            }
        }
        for (var table : GuardSql.OWN) {
            facts.add("table " + table + " InnoDB");
        }
        facts.add("account " + GuardCatalog.Account.LOCKED);
        return facts.stream().sorted().toList();
    }

    static String fingerprint(Collection<String> facts) {
        return Sha256.ofLines(facts).hex(12);
    }
}
