package dev.agentroles.engine.mysql;

import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The tables that a guard could stand before, with their columns and keys: three queries for the
/// whole server, four on MariaDB. What belongs together is put together here, because MariaDB joins its catalogs row by
/// row.
final class GuardTables {
    /// @param type as the catalog says: `BASE TABLE`
    record Table(Securable.Relation name, String type, String engine, List<Column> columns) {
        List<String> visible() {
            return columns.stream()
                    .filter(column -> !column.invisible())
                    .map(Column::name)
                    .toList();
        }

        Optional<String> key() {
            return columns.stream()
                    .filter(Column::key)
                    .max((one, other) -> Boolean.compare(one.primary(), other.primary()))
                    .map(Column::name);
        }
    }

    /// @param sqlType with character set and collation
    /// @param key whether it is part of a primary key, or unique and never NULL
    record Column(String name, String sqlType, boolean key, boolean primary, boolean invisible) {}

    private record Key(Securable.Relation child, String name) {}

    /// @param updates whether a change of the parent's columns changes or empties the child's
    private record Reference(
            Securable.Relation parent,
            boolean deletes,
            boolean empties,
            boolean updates,
            List<String> child,
            List<String> columns) {}

    static final GuardTables NONE = new GuardTables(Map.of(), Map.of(), Set.of());

    private final Map<Securable.Relation, Table> tables;
    private final Set<Securable.Relation> overwriting;
    private final Map<Securable.Relation, SortedSet<String>> carried;
    private final Map<Securable.Relation, List<GuardedTable.ForeignKey>> byParent;

    private GuardTables(
            Map<Securable.Relation, Table> tables,
            Map<Key, Reference> references,
            Set<Securable.Relation> overwriting) {
        this.tables = tables;
        this.overwriting = overwriting;
        this.carried = references.values().stream()
                .filter(Reference::updates)
                .collect(Collectors.groupingBy(
                        Reference::parent,
                        Collectors.flatMapping(
                                reference -> reference.columns().stream(),
                                Collectors.toCollection(() -> new TreeSet<>(String.CASE_INSENSITIVE_ORDER)))));
        this.byParent = references.entrySet().stream()
                .filter(entry -> entry.getValue().deletes() || entry.getValue().empties())
                .map(entry -> foreignKey(entry.getKey(), entry.getValue()))
                .collect(Collectors.groupingBy(GuardedTable.ForeignKey::parent));
    }

    static GuardTables read(Connection connection, GuardForm form) throws SQLException {
        var tables = new LinkedHashMap<Securable.Relation, Table>();
        var references = new LinkedHashMap<Key, Reference>();
        var overwriting = new HashSet<Securable.Relation>();
        try (var statement = connection.createStatement()) {
            try (var rows = statement.executeQuery(Sql.resource("guard-tables.sql"))) {
                while (rows.next()) {
                    var table = table(rows);
                    tables.put(table.name(), table);
                }
            }
            try (var rows = statement.executeQuery(Sql.resource("guard-columns.sql"))) {
                while (rows.next()) {
                    column(rows, tables);
                }
            }
            try (var rows = statement.executeQuery(Sql.resource(form.directory() + "/guard-keys.sql"))) {
                while (rows.next()) {
                    key(rows, references);
                }
            }
            if (!form.countsOverwritten()) {
                try (var rows = statement.executeQuery(Sql.resource("guard-unique.sql"))) {
                    while (rows.next()) {
                        overwriting.add(name(rows));
                    }
                }
            }
        }
        return new GuardTables(tables, references, overwriting);
    }

    private static Table table(ResultSet row) throws SQLException {
        return new Table(
                name(row),
                row.getString("type"),
                Optional.ofNullable(row.getString("engine")).orElse("none"),
                new ArrayList<>());
    }

    private static Securable.Relation name(ResultSet row) throws SQLException {
        return new Securable.Relation(row.getString("schema"), row.getString("table"));
    }

    /// A view's columns are read with the others and left out: it has no guard.
    private static void column(ResultSet row, Map<Securable.Relation, Table> tables) throws SQLException {
        var table = tables.get(name(row));
        if (table == null) {
            return;
        }
        var charset = row.getString("charset");
        var sqlType = row.getString("column_type")
                + (charset == null ? "" : " CHARACTER SET " + charset + " COLLATE " + row.getString("collation"));
        table.columns()
                .add(new Column(
                        row.getString("name"),
                        sqlType,
                        row.getBoolean("is_key"),
                        row.getBoolean("is_primary"),
                        row.getBoolean("invisible")));
    }

    private static void key(ResultSet row, Map<Key, Reference> references) throws SQLException {
        var child = new Securable.Relation(row.getString("child_schema"), row.getString("child_table"));
        var parent = new Securable.Relation(row.getString("parent_schema"), row.getString("parent_table"));
        var deleteRule = row.getString("delete_rule");
        boolean updates = !Set.of("NO ACTION", "RESTRICT").contains(row.getString("update_rule"));
        var reference = references.computeIfAbsent(
                new Key(child, row.getString("name")),
                absent -> new Reference(
                        parent,
                        deleteRule.equals("CASCADE"),
                        deleteRule.equals("SET NULL"),
                        updates,
                        new ArrayList<>(),
                        new ArrayList<>()));
        reference.child().add(row.getString("child_column"));
        reference.columns().add(row.getString("parent_column"));
    }

    private GuardedTable.ForeignKey foreignKey(Key key, Reference reference) {
        return new GuardedTable.ForeignKey(
                key.child(),
                reference.child(),
                reference.parent(),
                reference.columns(),
                reference.columns().stream()
                        .map(column -> typeOf(reference.parent(), column))
                        .toList(),
                reference.deletes());
    }

    private String typeOf(Securable.Relation table, String column) {
        return find(table)
                .flatMap(found -> found.columns().stream()
                        .filter(one -> one.name().equalsIgnoreCase(column))
                        .findFirst())
                .map(Column::sqlType)
                .orElse("BIGINT");
    }

    /// Of which some column is shown.
    Optional<Table> find(Securable.Relation table) {
        return Optional.ofNullable(tables.get(table))
                .filter(found -> !found.columns().isEmpty());
    }

    /// Columns whose change a foreign key would carry into other tables, uncounted: no writer may
    /// update them. A key that was made before its parent, as in a dump, keeps the case in which it was
    /// written: compare without.
    Set<String> carried(Securable.Relation table) {
        return carried.getOrDefault(table, Collections.emptySortedSet());
    }

    GuardedTable guarded(Table table, Collection<RoleName> tiers) {
        return new GuardedTable(
                table.name(),
                table.visible(),
                table.key(),
                overwriting.contains(table.name()),
                !carried(table.name()).isEmpty(),
                GuardedTable.paths(table.name(), byParent),
                new TreeSet<>(tiers));
    }

    /// Tables whose rows go with those of a table, by whatever chain.
    List<Securable.Relation> children(Securable.Relation table) {
        return GuardedTable.paths(table, byParent).stream()
                .map(path -> path.keys().getLast().child())
                .distinct()
                .sorted(Comparator.comparing(Securable.Relation::display))
                .toList();
    }

    /// Whether rows of a table go with other rows of it.
    boolean circular(Securable.Relation table) {
        return byParent.getOrDefault(table, List.of()).stream()
                        .anyMatch(key -> key.child().equals(table))
                || GuardedTable.paths(table, byParent).stream()
                        .map(path -> path.keys().getLast())
                        .filter(GuardedTable.ForeignKey::deletes)
                        .flatMap(key -> byParent.getOrDefault(key.child(), List.of()).stream())
                        .anyMatch(key -> key.child().equals(table));
    }
}
