package dev.agentroles.engine.mysql;

import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What the administrator of a session may do, as the server itself tells it of its own account and the
/// roles that act.
///
/// @param account as the server counts it
/// @param lines one for each object
/// @param patterns whether the name of a schema in a grant is a pattern
record AdministratorGrants(String account, List<Line> lines, boolean patterns) {
    private static final Pattern LINE = Pattern.compile(
            "GRANT (?<privileges>.+?) ON (?:TABLE )?(?<schema>\\*|`(?:[^`]|``)+`)"
                    + "\\.(?<name>\\*|`(?:[^`]|``)+`) TO .*",
            Pattern.DOTALL);

    /// A comma that is not between parentheses.
    private static final Pattern BETWEEN = Pattern.compile(",(?![^(]*\\))");

    /// A word that no privilege is called by, for columns in parentheses.
    private static final Pattern COLUMNS = Pattern.compile("\\([^)]*\\)");

    /// One line of SHOW GRANTS that names roles, and one of the roles in it.
    private static final Pattern ROLES_GIVEN = Pattern.compile("GRANT (?<roles>`.*) TO .*");

    private static final Pattern ROLE =
            Pattern.compile("(?<role>`(?<name>(?:[^`]|``)*)`(?:@`(?<host>(?:[^`]|``)*)`)?)");

    AdministratorGrants {
        lines = List.copyOf(lines);
    }

    /// @param schema `*` for all of them
    /// @param name of a table; `*` for all of them
    record Line(Set<String> privileges, String schema, String name, boolean grantable) {
        private boolean holds(String privilege) {
            return privileges.contains(privilege) || privileges.contains("ALL PRIVILEGES");
        }
    }

    static AdministratorGrants read(Connection connection, Variables variables) throws SQLException {
        var lines = new ArrayList<Line>();
        try (var statement = connection.createStatement()) {
            String account;
            try (var row = statement.executeQuery("SELECT CURRENT_USER()")) {
                row.next();
                account = row.getString(1);
            }
            shown(connection).forEach(line -> parse(line, lines));
            return new AdministratorGrants(account, lines, !variables.on("partial_revokes"));
        }
    }

    /// What the server tells a session of its own account. It says that the text is ASCII (latin1 in
    /// Connector/J) and writes names in UTF-8.
    static List<String> shown(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SHOW GRANTS")) {
            var lines = new ArrayList<String>();
            while (row.next()) {
                lines.add(new String(row.getBytes(1), StandardCharsets.UTF_8));
            }
            return lines;
        }
    }

    /// Roles and PROXY are granted in another form, and give nothing that is asked for here.
    static void parse(String text, List<Line> lines) {
        var matcher = LINE.matcher(text);
        if (!matcher.matches() || matcher.group("privileges").startsWith("PROXY")) {
            return;
        }
        var privileges = new LinkedHashSet<String>();
        // A privilege on columns is not one on the table.
        for (var word : BETWEEN.splitAsStream(matcher.group("privileges")).toList()) {
            if (!COLUMNS.matcher(word).find()) {
                privileges.add(word.strip().toUpperCase(Locale.ROOT));
            }
        }
        lines.add(new Line(
                privileges,
                unquoted(matcher.group("schema")),
                unquoted(matcher.group("name")),
                text.endsWith("WITH GRANT OPTION")));
    }

    /// The roles that a line names; none where it names privileges. Groups: `role` as SET ROLE names it, `name`,
    /// `host`.
    static Stream<MatchResult> roles(String line) {
        var given = ROLES_GIVEN.matcher(line);
        return given.matches() ? ROLE.matcher(given.group("roles")).results() : Stream.empty();
    }

    private static String unquoted(String name) {
        return name.equals("*") ? name : name.substring(1, name.length() - 1).replace("``", "`");
    }

    boolean global(String privilege) {
        return lines.stream().anyMatch(line -> line.schema().equals("*") && line.holds(privilege));
    }

    boolean onSchema(String privilege, String schema) {
        return lines.stream()
                .anyMatch(line -> line.name().equals("*") && covers(line, schema) && line.holds(privilege));
    }

    /// On a database or something in it, and not because it is held on everything.
    boolean within(String privilege, String schema) {
        return lines.stream()
                .anyMatch(line -> !line.schema().equals("*") && covers(line, schema) && line.holds(privilege));
    }

    boolean onTable(String privilege, Securable.Relation relation) {
        return lines.stream().anyMatch(line -> covers(line, relation) && line.holds(privilege));
    }

    /// The right to pass on is one for everything that is held there, at whatever level either was given.
    boolean mayGrant(String privilege, Securable.Relation relation) {
        return onTable(privilege, relation)
                && lines.stream().anyMatch(line -> covers(line, relation) && line.grantable());
    }

    private boolean covers(Line line, Securable.Relation relation) {
        return covers(line, relation.schema())
                && (line.name().equals("*") || line.name().equals(relation.name()));
    }

    private boolean covers(Line line, String schema) {
        if (line.schema().equals("*")) {
            return true;
        }
        boolean pattern = patterns && line.name().equals("*");
        return pattern ? Like.matches(line.schema(), schema) : line.schema().equals(schema);
    }

    /// Its name, without the host.
    String user() {
        int at = account.lastIndexOf('@');
        return at < 0 ? account : account.substring(0, at);
    }

    /// The statements that let it give a role to others. Nobody but whoever has that already may say so
    /// with GRANT on MariaDB, the superuser neither (error 1698); so they write where the server reads it.
    List<String> mayGive(RoleName role) {
        int at = account.lastIndexOf('@');
        return List.of(
                "REPLACE INTO mysql.roles_mapping (Host, User, Role, Admin_option) VALUES (%s, %s, %s, 'Y')"
                        .formatted(
                                Sql.literal(account.substring(at + 1)), Sql.literal(user()), Sql.literal(role.value())),
                "FLUSH PRIVILEGES");
    }

    /// As GRANT names it: `'provisioner'@'%'`.
    String quoted() {
        int at = account.lastIndexOf('@');
        return at < 0
                ? Sql.literal(account)
                : Sql.literal(account.substring(0, at)) + "@" + Sql.literal(account.substring(at + 1));
    }
}
