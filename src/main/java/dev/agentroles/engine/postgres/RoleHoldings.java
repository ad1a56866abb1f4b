package dev.agentroles.engine.postgres;

import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.Holding;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What roles hold by their own names and everybody holds, as `holdings.sql` tells it. Many agents have the power of
/// the same few roles: what those hold is read once for all who are told of beforehand.
final class RoleHoldings {
    /// Rows that are kept for later: some forty MB. Where there are more, each subject's are read when it is its turn.
    private static final int MOST = 200_000;

    private static final long EVERYBODY = 0;

    private static final int AT_ONCE = 10_000;

    private final Connection connection;
    private final boolean builtin;
    private final int most;
    private Set<Long> shared = Set.of();
    private Map<Long, List<Row>> known = Map.of();

    /// @param builtin whether built-in functions and types that nobody has touched are wanted, too: thousands
    RoleHoldings(Connection connection, boolean builtin) {
        this(connection, builtin, MOST);
    }

    /// @param most rows to keep
    RoleHoldings(Connection connection, boolean builtin, int most) {
        this.connection = connection;
        this.builtin = builtin;
        this.most = most;
    }

    /// One privilege on one object, or one object that the role owns.
    ///
    /// @param place among all rows of one reading
    /// @param role 0 for everybody
    /// @param privilege empty: all there are, as the owner can give itself each
    /// @param catalog whether it is a table of the server's own
    /// @param detail what the kind of object needs to be judged: `relkind`, whether a language is trusted, ...
    /// @param grantor empty: the owner, or nobody had to grant it
    /// @param builtin made by initdb
    /// @param shipped given to everybody by initdb: every PostgreSQL has it
    record Row(
            int place,
            long role,
            String kind,
            long oid,
            Securable on,
            String detail,
            Holding.Source source,
            Optional<Privilege> privilege,
            boolean grantable,
            boolean catalog,
            Optional<Grantor> grantor,
            boolean builtin,
            boolean shipped) {}

    /// From now on what these roles hold is read once, when the first of them is asked for.
    void share(Collection<Long> roles) {
        shared = Set.copyOf(roles);
        known = Map.of();
    }

    /// What was read may have gone since: it is read again.
    void forget() {
        known = Map.of();
    }

    /// Whether there is the privilege MAINTAIN: PostgreSQL 17 and later.
    boolean hasMaintain() throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion() >= 17;
    }

    /// What is held by one of the roles, or by everybody, in the server's order.
    List<Row> of(Set<Long> roles) throws SQLException {
        if (!shared.containsAll(roles)) {
            return read(roles, Integer.MAX_VALUE).orElseThrow();
        }
        if (known.isEmpty()) {
            var all = read(shared, most);
            if (all.isEmpty()) {
                shared = Set.of();
                return of(roles);
            }
            known = byRole(all.get());
        }
        return Stream.concat(Stream.of(EVERYBODY), roles.stream())
                .flatMap(role -> known.getOrDefault(role, List.of()).stream())
                .sorted(Comparator.comparingInt(Row::place))
                .toList();
    }

    private static Map<Long, List<Row>> byRole(List<Row> rows) {
        var byRole = new HashMap<Long, List<Row>>();
        rows.forEach(row ->
                byRole.computeIfAbsent(row.role(), _ -> new ArrayList<>()).add(row));
        return byRole;
    }

    /// @return empty if there are more rows than that
    private Optional<List<Row>> read(Collection<Long> roles, int most) throws SQLException {
        var found = new ArrayList<Row>();
        try (var query = connection.prepareStatement(Sql.resource("holdings.sql"))) {
            query.setArray(1, connection.createArrayOf("oid", roles.toArray(Long[]::new)));
            query.setBoolean(2, builtin);
            query.setFetchSize(AT_ONCE);
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    if (found.size() == most) {
                        return Optional.empty();
                    }
                    found.add(row(rows, found.size()));
                }
            }
        }
        return Optional.of(found);
    }

    private static Row row(ResultSet row, int place) throws SQLException {
        var kind = row.getString("kind");
        var detail = row.getString("detail");
        var on = CatalogWords.securable(kind, row.getString("schema"), row.getString("name"), detail);
        var grantorReaches = row.getBoolean("grantor_reaches");
        return new Row(
                place,
                row.getLong("role"),
                kind,
                row.getLong("oid"),
                on,
                detail,
                source(row.getString("source")),
                Optional.ofNullable(row.getString("privilege")).map(word -> CatalogWords.privilege(word, on)),
                row.getBoolean("grantable"),
                row.getBoolean("catalog"),
                Optional.ofNullable(row.getString("grantor"))
                        .map(name -> new Grantor(new RoleName(name), grantorReaches)),
                row.getBoolean("builtin"),
                row.getBoolean("shipped"));
    }

    private static Holding.Source source(String word) {
        return switch (word) {
            case "grant" -> Holding.Source.GRANT;
            case "owner" -> Holding.Source.OWNERSHIP;
            case "predefined" -> Holding.Source.PREDEFINED;
            default -> throw new IllegalArgumentException(word);
        };
    }
}
