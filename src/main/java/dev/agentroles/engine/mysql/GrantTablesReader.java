package dev.agentroles.engine.mysql;

import dev.agentroles.access.Securable;
import dev.agentroles.engine.Rows;
import dev.agentroles.engine.mysql.GrantTables.Account;
import dev.agentroles.engine.mysql.GrantTables.Code;
import dev.agentroles.engine.mysql.GrantTables.Edge;
import dev.agentroles.engine.mysql.GrantTables.Held;
import dev.agentroles.engine.mysql.GrantTables.Loadable;
import dev.agentroles.engine.mysql.GrantTables.Proxy;
import dev.agentroles.engine.mysql.GrantTables.Relation;
import dev.agentroles.engine.mysql.GrantTables.State;
import dev.agentroles.engine.mysql.GrantTables.Trigger;
import dev.agentroles.engine.mysql.GrantTables.View;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Reads the [GrantTables] with a fixed number of queries, whatever the number of accounts and objects.
record GrantTablesReader(Connection connection, Dialect dialect) {
    private static final String ALL = "%";

    /// One of `mandatory_roles`: the name, and perhaps a host, each quoted or not.
    private static final Pattern MANDATORY = Pattern.compile(
            "\\s*(`[^`]*`|'[^']*'|\"[^\"]*\"|[^@,\\s]+)(?:\\s*@\\s*(`[^`]*`|'[^']*'|\"[^\"]*\"|[^,\\s]+))?");

    GrantTables read() throws SQLException {
        var variables = Variables.read(connection);
        var held = new HashMap<Account, List<Held>>();
        var accounts = accounts(held);
        for (var one : rows(Sql.resource("grants.sql"), 4, GrantTablesReader::object)) {
            held.computeIfAbsent(one.account(), _ -> new ArrayList<>()).add(one.held());
        }
        return new GrantTables(
                variables.mariadb(),
                !variables.on("partial_revokes"),
                accounts,
                held,
                rows(
                        dialect.query("memberships"),
                        1,
                        row -> new Edge(
                                account(row, "role", "role_host"),
                                account(row, "member", "host"),
                                row.getBoolean("acts"),
                                row.getBoolean("admin"))),
                rows(
                        Sql.resource("proxies.sql"),
                        0,
                        row -> new Proxy(account(row, "user", "host"), account(row, "proxied_user", "proxied_host"))),
                mandatory(variables.text("mandatory_roles").orElse("")).stream()
                        .filter(accounts::containsKey)
                        .toList(),
                variables.on("activate_all_roles_on_login"),
                relations(),
                rows(
                                Sql.resource("witness-routines.sql"),
                                0,
                                row -> Map.entry(
                                        new Securable.Routine(
                                                row.getString("schema_name"),
                                                row.getString("name"),
                                                row.getString("kind")),
                                        code(row)))
                        .stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
                rows(
                        Sql.resource("loadable-functions.sql"),
                        0,
                        row -> new Loadable(row.getString("name"), row.getString("library_file"))));
    }

    /// Those that this administrator is shown. Not read with the rest: some servers look into a file for each
    /// table.
    List<Trigger> triggers() throws SQLException {
        return rows(
                Sql.resource("witness-triggers.sql"),
                0,
                row -> new Trigger(
                        new Securable.Relation(row.getString("schema_name"), row.getString("relation")),
                        row.getString("name"),
                        row.getString("definer"),
                        row.getString("text")));
    }

    private Map<Account, State> accounts(Map<Account, List<Held>> held) throws SQLException {
        record Powers(Account account, State state, Set<String> powers) {}
        var accounts = new HashMap<Account, State>();
        var holes = holes();
        for (var row : rows(
                dialect.accounts(),
                1,
                row -> new Powers(
                        account(row, "name", "host"),
                        new State(
                                row.getBoolean("locked"),
                                row.getInt("connections"),
                                row.getString("authentication"),
                                row.getString("ways")),
                        words(row.getString("powers"))))) {
            accounts.put(row.account(), row.state());
            if (!row.powers().isEmpty()) {
                held.computeIfAbsent(row.account(), _ -> new ArrayList<>())
                        .add(new Held(Optional.empty(), row.powers(), holes.getOrDefault(row.account(), Map.of())));
            }
        }
        return accounts;
    }

    private Map<Account, Map<String, Set<String>>> holes() throws SQLException {
        record Hole(Account account, String schema, String privilege) {}
        return rows(
                        dialect.query("holes"),
                        0,
                        row -> new Hole(
                                account(row, "user", "host"),
                                row.getString("schema_name"),
                                row.getString("privilege").toUpperCase(Locale.ROOT)))
                .stream()
                .collect(Collectors.groupingBy(
                        Hole::account,
                        Collectors.groupingBy(Hole::schema, Collectors.mapping(Hole::privilege, Collectors.toSet()))));
    }

    private record Row(Account account, Held held) {}

    private static Row object(ResultSet row) throws SQLException {
        var schema = row.getString("schema_name");
        var name = row.getString("name");
        Securable on = switch (row.getString("kind")) {
            case "relation" -> new Securable.Relation(schema, name);
            case "column" -> new Securable.Column(schema, name, row.getString("sub"));
            case "routine" -> new Securable.Routine(schema, name, row.getString("sub"));
            default -> new Securable.Schema(schema);
        };
        return new Row(
                account(row, "grantee", "host"),
                new Held(Optional.of(on), words(row.getString("privileges")), Map.of()));
    }

    /// Two queries: MariaDB joins its catalogs row by row.
    private List<Relation> relations() throws SQLException {
        var views = rows(
                        Sql.resource("witness-views.sql"),
                        0,
                        row -> Map.entry(
                                name(row),
                                new View(
                                        code(row),
                                        Optional.ofNullable(row.getString("definition"))
                                                .orElse(""))))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return rows(
                Sql.resource("witness-relations.sql"),
                0,
                row -> new Relation(
                        name(row),
                        Optional.ofNullable(row.getString("engine")).orElse(""),
                        Optional.ofNullable(views.get(name(row)))));
    }

    private static Securable.Relation name(ResultSet row) throws SQLException {
        return new Securable.Relation(row.getString("schema_name"), row.getString("name"));
    }

    private static Code code(ResultSet row) throws SQLException {
        return new Code(row.getString("definer"), !"INVOKER".equals(row.getString("security")));
    }

    /// The tables write some words in their own way.
    private static Set<String> words(String text) {
        var words = new LinkedHashSet<String>();
        for (var word : Accounts.words(text)) {
            var upper = word.toUpperCase(Locale.ROOT);
            words.add(
                    switch (upper) {
                        case "GRANT" -> "GRANT OPTION";
                        case "DELETE VERSIONING ROWS" -> "DELETE HISTORY";
                        default -> upper;
                    });
        }
        return words;
    }

    static List<Account> mandatory(String text) {
        var roles = new ArrayList<Account>();
        var matcher = MANDATORY.matcher(text);
        while (matcher.find()) {
            roles.add(new Account(
                    unquoted(matcher.group(1)),
                    Optional.ofNullable(matcher.group(2))
                            .map(GrantTablesReader::unquoted)
                            .orElse("%")));
        }
        return List.copyOf(roles);
    }

    private static String unquoted(String name) {
        return "`'\"".indexOf(name.charAt(0)) >= 0 ? name.substring(1, name.length() - 1) : name;
    }

    private static Account account(ResultSet row, String user, String host) throws SQLException {
        return new Account(row.getString(user), row.getString(host));
    }

    /// @param places how often the query asks whose rows are wanted
    private <T> List<T> rows(String query, int places, Rows.Reader<T> reader) throws SQLException {
        return Rows.read(
                connection,
                query,
                statement -> {
                    for (int place = 1; place <= places; place++) {
                        statement.setString(place, ALL);
                    }
                },
                reader);
    }
}
