package dev.agentroles.engine.mysql;

import dev.agentroles.access.Guard;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.Rows;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Reads a [GuardCatalog] with fourteen queries; where there is no guard and none is wanted, with two.
final class GuardReader {
    private final Connection connection;
    private final GuardForm form;

    GuardReader(Connection connection, GuardForm form) {
        this.connection = connection;
        this.form = form;
    }

    /// @param wanted whether the profile has a writer here
    GuardCatalog read(boolean wanted) throws SQLException {
        var own = many("guard-own.sql", row -> "table " + row.getString("name") + " " + row.getString("engine"));
        var account = account();
        boolean ours = account != GuardCatalog.Account.ABSENT && account != GuardCatalog.Account.FOREIGN;
        if (own.isEmpty() && !ours && !wanted) {
            return GuardCatalog.none(form);
        }
        var core = new HashSet<>(own);
        if (ours) {
            core.add("account " + account);
        }
        var bodies = new HashMap<String, String>();
        for (var routine : many("guard-routines.sql", GuardReader::routine)) {
            if (routine.name().startsWith("gone_")) {
                bodies.put(routine.name(), routine.body());
            } else {
                core.add(routine.fact());
            }
        }
        var present = own.stream().map(fact -> fact.split(" ", 3)[1]).toList();
        var logins = present.contains("account") ? GuardLogins.read(connection) : GuardLogins.NONE;
        logins.excessive().forEach(login -> core.add("login " + login + " has more than its lease"));
        return new GuardCatalog(
                form,
                core,
                GuardTables.read(connection, form),
                views(),
                pairs(present.contains("place"), "guard-places.sql"),
                strangers(),
                reach(present.contains("reach")),
                bodies,
                rights(),
                present.contains("limits") ? Set.copyOf(many("guard-limits.sql", GuardReader::limits)) : Set.of(),
                account,
                logins);
    }

    private GuardCatalog.Account account() throws SQLException {
        return many(
                        form.directory() + "/guard-account.sql",
                        row -> !row.getBoolean("ours")
                                ? GuardCatalog.Account.FOREIGN
                                : row.getBoolean("locked") ? GuardCatalog.Account.LOCKED : GuardCatalog.Account.OPEN)
                .stream()
                .findFirst()
                .orElse(GuardCatalog.Account.ABSENT);
    }

    private static Routine.Found routine(ResultSet row) throws SQLException {
        return new Routine.Found(
                row.getString("kind"),
                row.getString("name"),
                row.getString("mode"),
                row.getBoolean("is_deterministic"),
                row.getString("data_access"),
                row.getString("security"),
                row.getString("definer"),
                row.getString("collation"),
                Optional.ofNullable(row.getString("body")).orElse("not shown to this administrator"));
    }

    private Map<Securable.Relation, GuardCatalog.ViewRow> views() throws SQLException {
        var views = new HashMap<Securable.Relation, GuardCatalog.ViewRow>();
        many("guard-views.sql", row -> Map.entry(name(row), row.getString("type")))
                .forEach(entry -> views.put(entry.getKey(), GuardCatalog.ViewRow.untold(entry.getValue())));
        for (var told : many("guard-view-texts.sql", row -> Map.entry(name(row), view(row)))) {
            if (views.containsKey(told.getKey())) {
                views.put(told.getKey(), shown(told.getKey(), told.getValue()));
            }
        }
        return views;
    }

    private static Securable.Relation name(ResultSet row) throws SQLException {
        return new Securable.Relation(row.getString("schema"), row.getString("name"));
    }

    private static GuardCatalog.ViewRow view(ResultSet row) throws SQLException {
        return new GuardCatalog.ViewRow(
                "VIEW",
                Optional.ofNullable(row.getString("definition")),
                Optional.ofNullable(row.getString("check_option")).orElse("NONE"),
                Optional.ofNullable(row.getString("definer")).orElse(""),
                Optional.ofNullable(row.getString("security")).orElse(""));
    }

    /// Early releases of MySQL 8.0 show the text of somebody else's view in one way only, and leave
    /// out the name of the database that the session is in.
    private GuardCatalog.ViewRow shown(Securable.Relation name, GuardCatalog.ViewRow row) throws SQLException {
        if (!row.ours() || !row.definition().equals(Optional.of(""))) {
            return row;
        }
        try (var statement = connection.createStatement();
                var answer = statement.executeQuery("SHOW CREATE VIEW " + GuardSql.name(name))) {
            answer.next();
            var text = answer.getString(2);
            int from = text.indexOf(" AS select ") + " AS ".length();
            int to = text.lastIndexOf(" WITH ");
            var bare = " from " + Sql.identifier(name.name()) + " `b` ";
            var here = Optional.ofNullable(connection.getCatalog()).orElse("");
            return new GuardCatalog.ViewRow(
                    row.type(),
                    Optional.of(text.substring(from, to < from ? text.length() : to)
                            .replace(
                                    bare,
                                    here.isEmpty() ? bare : " from " + Sql.qualified(here, name.name()) + " `b` ")),
                    row.check(),
                    row.definer(),
                    row.security());
        }
    }

    private Map<String, String> pairs(boolean present, String resource) throws SQLException {
        var pairs = new HashMap<String, String>();
        if (present) {
            many(resource, row -> Map.entry(row.getString(1), row.getString(2)))
                    .forEach(entry -> pairs.put(entry.getKey(), entry.getValue()));
        }
        return pairs;
    }

    private Map<String, Set<String>> strangers() throws SQLException {
        var strangers = new HashMap<String, Set<String>>();
        Rows.read(
                        connection,
                        Sql.resource("guard-strangers.sql").formatted(Sql.resource(form.directory() + "/events.sql")),
                        row -> Map.entry(row.getString("schema"), row.getString("what")))
                .forEach(entry -> strangers
                        .computeIfAbsent(entry.getKey(), _ -> new TreeSet<>())
                        .add(entry.getValue()));
        return strangers;
    }

    private Map<Long, Set<RoleName>> reach(boolean present) throws SQLException {
        var reach = new HashMap<Long, Set<RoleName>>();
        if (present) {
            many("guard-reach.sql", row -> Map.entry(row.getLong("id"), new RoleName(row.getString("tier"))))
                    .forEach(entry -> reach.computeIfAbsent(entry.getKey(), _ -> new TreeSet<>())
                            .add(entry.getValue()));
        }
        return reach;
    }

    private Map<Securable.Relation, Set<String>> rights() throws SQLException {
        var rights = new HashMap<Securable.Relation, Set<String>>();
        many(
                        "guard-rights.sql",
                        row -> Map.entry(
                                new Securable.Relation(row.getString("schema"), row.getString("name")),
                                row.getString("privileges")))
                .forEach(entry -> rights.put(
                        entry.getKey(),
                        new TreeSet<>(Arrays.asList(entry.getValue().split(",")))));
        return rights;
    }

    private static Guard.Limits limits(ResultSet row) throws SQLException {
        return new Guard.Limits(
                new RoleName(row.getString("agent")),
                new RoleName(row.getString("tier")),
                Optional.of(new Guard.Caps(
                        row.getLong("rows_per_statement"),
                        Guard.Caps.UNBOUNDED,
                        Guard.Caps.UNBOUNDED,
                        Optional.of(new Guard.Window(row.getLong("rows_per_window"), row.getLong("window_seconds"))),
                        false)));
    }

    private <T> List<T> many(String resource, Rows.Reader<T> reader) throws SQLException {
        return Rows.read(connection, Sql.resource(resource), reader);
    }
}
