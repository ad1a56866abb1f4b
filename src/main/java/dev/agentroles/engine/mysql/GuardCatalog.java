package dev.agentroles.engine.mysql;

import dev.agentroles.access.Guard;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What one look found of the guard, and of the tables that it could stand before.
///
/// @param core the facts about its own objects; empty: there are none
/// @param places databases of guarded views, and of which database's tables
/// @param strangers what stands in such databases beside tables and views, by database: `event nightly`
/// @param reach the tiers that write to a table, by the table's number
/// @param routines the bodies of its routines, by name
/// @param rights what the guard's account holds on tables
record GuardCatalog(
        GuardForm form,
        Set<String> core,
        GuardTables tables,
        Map<Securable.Relation, ViewRow> views,
        Map<String, String> places,
        Map<String, Set<String>> strangers,
        Map<Long, Set<RoleName>> reach,
        Map<String, String> routines,
        Map<Securable.Relation, Set<String>> rights,
        Set<Guard.Limits> limits,
        Account account,
        GuardLogins logins) {
    /// The guard's own account.
    enum Account {
        ABSENT,
        LOCKED,
        OPEN,
        /// Somebody else's of that name.
        FOREIGN
    }

    /// @param definition empty for what is no view
    record ViewRow(String type, Optional<String> definition, String check, String definer, String security) {
        /// What is no view, or one that says nothing of itself.
        static ViewRow untold(String type) {
            return new ViewRow(type, Optional.empty(), "NONE", "", "");
        }

        /// Whether it can only be the guard's.
        boolean ours() {
            return type.equals("VIEW") && definer.equals("agentroles_guard@localhost");
        }
    }

    static GuardCatalog none(GuardForm form) {
        return new GuardCatalog(
                form,
                Set.of(),
                GuardTables.NONE,
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Set.of(),
                Account.ABSENT,
                GuardLogins.NONE);
    }

    Guard guard() {
        if (core.isEmpty()) {
            return Guard.NONE;
        }
        var tables = new HashSet<Guard.Table>();
        views.forEach((name, row) -> {
            var base = places.get(name.schema());
            if (row.ours() && base != null && name.schema().equals(GuardSql.viewsOf(base))) {
                tables.add(found(new Securable.Relation(base, name.name())));
            }
        });
        return new Guard(Optional.of(GuardDefinition.fingerprint(core)), tables, limits);
    }

    private Guard.Table found(Securable.Relation table) {
        return new Guard.Table(table, GuardDefinition.found(table, this).text(), false);
    }

    /// Whether a guarded view is exactly the one of the columns that its table had before: nobody touched the guard,
    /// somebody altered the table. A column that the table hides was in no view of ours.
    boolean hasFormerColumns(Guard.Table wanted) {
        var found = GuardDefinition.found(wanted.on(), this);
        return tables.find(wanted.on())
                .filter(table -> !table.visible().equals(found.columns()))
                .filter(table -> table.columns().stream()
                        .filter(GuardTables.Column::invisible)
                        .noneMatch(hidden -> found.columns().stream().anyMatch(hidden.name()::equalsIgnoreCase)))
                .map(table -> tables.guarded(table, GuardDefinition.tiers(wanted.definition()))
                        .showing(found.columns()))
                .filter(former -> GuardDefinition.wanted(form, former).equals(found))
                .isPresent();
    }

    Set<RoleName> tiersOf(Securable.Relation table) {
        return reach.getOrDefault(GuardSql.id(table), Set.of());
    }

    /// Whether the guard's account reads every table of a database.
    boolean readsIn(String schema) {
        return rights.getOrDefault(new Securable.Relation(form.schemaInGrants(schema), ""), Set.of())
                .contains("Select");
    }

    Set<String> rightsOn(Securable.Relation table) {
        return new TreeSet<>(rights.getOrDefault(table, Set.of()));
    }

    /// Why a view must not be made: something that is not the guard's has its place.
    Optional<String> taken(Securable.Relation table) {
        for (var schema : form.viewSchemas(table)) {
            var name = new Securable.Relation(schema, table.name());
            var row = Optional.ofNullable(views.get(name));
            if (row.filter(found -> !found.ours()).isPresent()) {
                return Optional.of(name.display() + ", where its guarded view belongs, is not the guard's");
            }
            if (!places.containsKey(schema)
                    && views.keySet().stream().anyMatch(other -> other.schema().equals(schema))) {
                return Optional.of(
                        "database " + schema + ", where its guarded view belongs, has tables of somebody else");
            }
        }
        return Optional.empty();
    }

    /// Databases of guarded views in which nothing else stands.
    List<String> ownPlaces() {
        return places.keySet().stream()
                .filter(schema -> strangersIn(schema).isEmpty())
                .sorted()
                .toList();
    }

    /// What stands in a database and is not the guard's, in words and in order.
    List<String> strangersIn(String schema) {
        var relations = views.entrySet().stream()
                .filter(view -> view.getKey().schema().equals(schema)
                        && !view.getValue().ours())
                .map(view -> view.getValue().type().toLowerCase(Locale.ROOT) + " "
                        + view.getKey().name());
        return Stream.concat(relations, strangers.getOrDefault(schema, Set.of()).stream())
                .sorted()
                .toList();
    }

    /// Whether a guarded view stands in a database.
    boolean hasViews(String schema) {
        return views.entrySet().stream()
                .anyMatch(view ->
                        view.getKey().schema().equals(schema) && view.getValue().ours());
    }

    List<String> expected() {
        return GuardDefinition.core(form);
    }
}
