package dev.agentroles.engine.mysql;

import dev.agentroles.access.Guard;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.access.Sha256;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The guard as SQL: its own objects, the views of a table, the limits, the accounts. The routines
/// stand in `guard/*.sql`, one statement after the other with `//` between them.
///
/// Each statement stands alone: there are no transactions around DDL here. All of them can be run again.
final class GuardSql {
    static final String SCHEMA = "agentroles_guard";

    /// Whose rights the views and routines have. Locked; nobody logs in as it.
    static final String DEFINER = "'agentroles_guard'@'localhost'";

    /// Its own tables.
    static final List<String> OWN = List.of("account", "limits", "one", "place", "reach");

    private static final Pattern MODE = Pattern.compile("SET sql_mode = '([A-Z_,]*)'");

    private final GuardForm form;

    GuardSql(GuardForm form) {
        this.form = form;
    }

    GuardForm form() {
        return form;
    }

    // --- the guard's own objects ---

    /// Makes them, or brings them to this version. While a routine is replaced agents are refused; the
    /// application has nothing to do with them. The account is locked when everything else is done: while
    /// it is open, something may be missing, such as a right on a routine that was made anew.
    ///
    /// @param account whether the guard's account is there: some servers refuse even to look
    /// whether it is, once views have it as their definer
    List<String> core(boolean account) {
        var statements = new ArrayList<String>();
        if (account) {
            statements.add("ALTER USER " + DEFINER + " ACCOUNT UNLOCK");
        }
        for (var file : form.files()) {
            // The first makes the account.
            if (form.keepsStateOfViews() && file.equals(form.files().get(1))) {
                statements.add("GRANT " + anyRoutine() + " TO " + DEFINER);
            }
            for (var statement : statements(file)) {
                if (account && statement.contains("CREATE USER")) {
                    continue;
                }
                Routine.of(statement)
                        .ifPresentOrElse(
                                routine -> {
                                    statements.addAll(form.replacement(routine));
                                    statements.add(routine.grant());
                                },
                                () -> statements.add(statement));
            }
        }
        for (var table : OWN) {
            statements.add("GRANT SELECT ON " + SCHEMA + "." + table + " TO " + DEFINER);
        }
        if (form.keepsStateOfViews()) {
            statements.add("REVOKE " + anyRoutine() + " FROM " + DEFINER);
        }
        statements.add("ALTER USER " + DEFINER + " ACCOUNT LOCK");
        statements.add("SET sql_mode = @agentroles_mode, collation_connection = @agentroles_collation");
        return statements;
    }

    private String anyRoutine() {
        return "EXECUTE ON %s.*".formatted(Sql.identifier(form.schemaInGrants(SCHEMA)));
    }

    /// @param schemas databases of views in which nothing else stands
    List<String> remove(Collection<String> schemas) {
        var statements = new ArrayList<String>();
        schemas.stream()
                .sorted()
                .forEach(schema -> statements.add("DROP DATABASE IF EXISTS " + Sql.identifier(schema)));
        statements.add("DROP DATABASE IF EXISTS " + SCHEMA);
        statements.add("DROP USER IF EXISTS " + DEFINER);
        return statements;
    }

    static List<String> statements(String file) {
        return Arrays.stream(Sql.resource("guard/" + file).split("\n//\n"))
                .map(String::strip)
                .toList();
    }

    static String name(Securable.Relation relation) {
        return Sql.qualified(relation.schema(), relation.name());
    }

    /// The mode that a statement switches to.
    static Optional<String> mode(String statement) {
        return MODE.matcher(statement).results().findFirst().map(found -> found.group(1));
    }

    // --- a table ---

    /// The database of the views that stand for another's tables.
    static String viewsOf(String schema) {
        return named(schema, "_rw");
    }

    /// The view that a writer uses in the place of a table.
    static Securable.Relation viewOf(Securable.Relation table) {
        return new Securable.Relation(viewsOf(table.schema()), table.name());
    }

    /// MariaDB's inner views; no agent has a right there.
    static Securable.Relation innerOf(Securable.Relation table) {
        return new Securable.Relation(named(table.schema(), "_rw_in"), table.name());
    }

    private static String named(String schema, String suffix) {
        var name = schema + suffix;
        return name.codePointCount(0, name.length()) <= 64
                ? name
                : "ar_" + Sha256.of(schema).hex(12) + suffix;
    }

    /// The number by which the guard's routines know a table.
    static long id(Securable.Relation table) {
        return Sha256.of(table.schema() + "\0" + table.name()).number() >>> 4;
    }

    /// The function that counts what goes with a row of a table.
    static String gone(Securable.Relation table) {
        return "gone_" + Long.toHexString(id(table));
    }

    /// Hangs the guard before a table: what the views need, then the views.
    ///
    /// @param there databases of views that are there: CREATE DATABASE would wait for all who use one (MySQL)
    /// @param held what the guard's account has on the table, as the catalog spells it
    List<String> attach(GuardedTable guarded, Set<String> there, Set<String> held) {
        var table = guarded.table();
        var statements = new ArrayList<String>();
        for (var schema : form.viewSchemas(table)) {
            if (!there.contains(schema)) {
                statements.add("CREATE DATABASE IF NOT EXISTS " + Sql.identifier(schema));
            }
            statements.add("REPLACE INTO %s.place (views, base) VALUES (%s, %s)"
                    .formatted(SCHEMA, Sql.literal(schema), Sql.literal(table.schema())));
        }
        boolean passesOn = form.passesOn(guarded);
        statements.add("GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %s%s"
                .formatted(name(table), DEFINER, passesOn ? " WITH GRANT OPTION" : ""));
        if (held.contains(GuardDefinition.PASSES_ON) && !passesOn) {
            statements.add("REVOKE GRANT OPTION ON %s FROM %s".formatted(name(table), DEFINER));
        }
        // A function in a view reads with its definer's rights; while roles are active MySQL sees of those only
        // what was given on a whole database (8.0.15, 9.7.4).
        GuardDefinition.children(guarded).stream()
                .map(Securable.Relation::schema)
                .distinct()
                .forEach(schema -> statements.add(
                        "GRANT SELECT ON %s.* TO %s".formatted(Sql.identifier(form.schemaInGrants(schema)), DEFINER)));
        statements.addAll(reach(guarded));
        if (guarded.paths().isEmpty()) {
            statements.add("DROP FUNCTION IF EXISTS %s.%s".formatted(SCHEMA, gone(table)));
        } else {
            var routine = gone(guarded);
            statements.addAll(form.replacement(routine));
            statements.add(routine.grant());
        }
        for (var view : form.views(guarded)) {
            statements.add(view.create());
            view.definerGrant().ifPresent(statements::add);
        }
        return statements;
    }

    /// Takes the guard off a table, and from the guard's account exactly what it has on the table and on the
    /// views, which would outlive them: MySQL refuses a REVOKE that names a right which is not there.
    ///
    /// @param held what the guard's account has on a table or view, as the catalog spells it
    List<String> detach(Securable.Relation table, Function<Securable.Relation, Set<String>> held) {
        var statements = new ArrayList<String>();
        for (var schema : form.viewSchemas(table).reversed()) {
            var view = new Securable.Relation(schema, table.name());
            statements.addAll(revocation(view, held.apply(view)));
            statements.add("DROP VIEW IF EXISTS " + name(view));
        }
        statements.add("DROP FUNCTION IF EXISTS %s.%s".formatted(SCHEMA, gone(table)));
        statements.add("DELETE FROM %s.reach WHERE id = %d".formatted(SCHEMA, id(table)));
        statements.addAll(revocation(table, held.apply(table)));
        return statements;
    }

    private static List<String> revocation(Securable.Relation on, Set<String> held) {
        if (held.isEmpty()) {
            return List.of();
        }
        var words = held.stream()
                .map(word -> word.equals(GuardDefinition.PASSES_ON) ? "GRANT OPTION" : word.toUpperCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
        return List.of("REVOKE %s ON %s FROM %s".formatted(words, name(on), DEFINER));
    }

    /// A database of views in which nothing stands any more.
    static List<String> dropViews(String schema) {
        return List.of(
                "DROP DATABASE IF EXISTS " + Sql.identifier(schema),
                "DELETE FROM %s.place WHERE views = %s".formatted(SCHEMA, Sql.literal(schema)));
    }

    private static List<String> reach(GuardedTable guarded) {
        long id = id(guarded.table());
        var tiers = guarded.tiers().stream()
                .map(tier -> "(%d, %s)".formatted(id, Sql.literal(tier.value())))
                .collect(Collectors.joining(", "));
        var kept =
                guarded.tiers().stream().map(tier -> Sql.literal(tier.value())).collect(Collectors.joining(", "));
        return tiers.isEmpty()
                ? List.of("DELETE FROM %s.reach WHERE id = %d".formatted(SCHEMA, id))
                : List.of(
                        "INSERT IGNORE INTO %s.reach (id, tier) VALUES %s".formatted(SCHEMA, tiers),
                        "DELETE FROM %s.reach WHERE id = %d AND tier NOT IN (%s)".formatted(SCHEMA, id, kept));
    }

    /// `gone_<table>(key)`: the row itself and what goes with it.
    static Routine gone(GuardedTable guarded) {
        var parameters = new ArrayList<String>();
        var columns = parentColumns(guarded);
        for (int place = 0; place < columns.size(); place++) {
            parameters.add("p%d %s".formatted(place, columns.get(place).type()));
        }
        var counts = guarded.paths().stream()
                .map(path -> "(SELECT COUNT(*) FROM %s WHERE %s)".formatted(joined(path), met(path, columns)))
                .collect(Collectors.joining("\n    + "));
        return Routine.of("""
                CREATE DEFINER=%s FUNCTION %s.%s(%s) RETURNS BIGINT NOT DETERMINISTIC READS SQL DATA
                BEGIN
                  RETURN 1 + %s;
                END""".formatted(DEFINER, SCHEMA, gone(guarded.table()), String.join(", ", parameters), counts))
                .orElseThrow();
    }

    record ParentColumn(String name, String type) {}

    /// The columns of the guarded table that foreign keys refer to.
    static List<ParentColumn> parentColumns(GuardedTable guarded) {
        return guarded.paths().stream()
                .map(GuardedTable.Path::first)
                .flatMap(key -> IntStream.range(0, key.parentColumns().size())
                        .mapToObj(place -> new ParentColumn(
                                key.parentColumns().get(place),
                                key.parentTypes().get(place))))
                .distinct()
                .toList();
    }

    private static String joined(GuardedTable.Path path) {
        var text = new StringBuilder(name(path.first().child()) + " c0");
        for (int place = 1; place < path.keys().size(); place++) {
            var key = path.keys().get(place);
            text.append(" JOIN ")
                    .append(name(key.child()))
                    .append(" c")
                    .append(place)
                    .append(" ON ");
            for (int column = 0; column < key.childColumns().size(); column++) {
                text.append(column == 0 ? "" : " AND ")
                        .append("c%d.%s = c%d.%s"
                                .formatted(
                                        place,
                                        Sql.identifier(key.childColumns().get(column)),
                                        place - 1,
                                        Sql.identifier(key.parentColumns().get(column))));
            }
        }
        return text.toString();
    }

    private static String met(GuardedTable.Path path, List<ParentColumn> parameters) {
        var key = path.first();
        var names = parameters.stream().map(ParentColumn::name).toList();
        var conditions = new ArrayList<String>();
        for (int column = 0; column < key.childColumns().size(); column++) {
            conditions.add("c0.%s = p%d"
                    .formatted(
                            Sql.identifier(key.childColumns().get(column)),
                            names.indexOf(key.parentColumns().get(column))));
        }
        return String.join(" AND ", conditions);
    }

    // --- limits and accounts ---

    static String limits(Guard.Limits limits) {
        var caps = limits.caps().orElseThrow();
        var window = caps.window().orElseThrow();
        return "REPLACE INTO %s.limits (agent, tier, rows_per_statement, rows_per_window, window_seconds) VALUES (%s, %s, %d, %d, %d)"
                .formatted(
                        SCHEMA,
                        Sql.literal(limits.agent().value()),
                        Sql.literal(limits.tier().value()),
                        caps.rows(),
                        window.rows(),
                        window.seconds());
    }

    static String dropLimits(Guard.Limits limits) {
        return "DELETE FROM %s.limits WHERE agent = %s AND tier = %s"
                .formatted(
                        SCHEMA,
                        Sql.literal(limits.agent().value()),
                        Sql.literal(limits.tier().value()));
    }

    /// Tells the guard of a login, before it is handed out.
    static String account(RoleName login, RoleName agent, Instant expiresAt) {
        return "REPLACE INTO %s.account (name, agent, expires_at, disabled) VALUES (%s, %s, %d, 0)"
                .formatted(SCHEMA, Sql.literal(login.value()), Sql.literal(agent.value()), expiresAt.getEpochSecond());
    }

    /// The login changes nothing from then on, whatever its sessions do.
    static String expire(RoleName login, Instant at) {
        return "UPDATE %s.account SET expires_at = LEAST(expires_at, %d) WHERE name = %s"
                .formatted(SCHEMA, at.getEpochSecond(), Sql.literal(login.value()));
    }

    /// After the login has been dropped.
    static String forget(RoleName login) {
        return "DELETE FROM %s.account WHERE name = %s".formatted(SCHEMA, Sql.literal(login.value()));
    }
}
