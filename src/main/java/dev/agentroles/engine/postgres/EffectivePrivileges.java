package dev.agentroles.engine.postgres;

import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.engine.Holding;
import dev.agentroles.engine.Holdings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Computes from the catalogs alone what a role can do: three queries, whatever the number of objects. A
/// test holds it to the server's own `has_*_privilege`.
final class EffectivePrivileges {
    /// A row of `holdings.sql` that reached the subject.
    ///
    /// @param detail what the kind of object needs to be judged: `relkind`, whether a language is trusted, ...
    /// @param grantee empty for PUBLIC
    /// @param grantor empty: the owner, or nobody had to grant it
    /// @param builtin made by initdb
    /// @param shipped given to everybody by initdb: every PostgreSQL has it
    record Power(
            Holding holding,
            long oid,
            String detail,
            Optional<RoleName> grantee,
            Optional<Grantor> grantor,
            boolean builtin,
            boolean shipped) {}

    private static final List<Privilege> RELATION = List.of(
            Privilege.SELECT,
            Privilege.INSERT,
            Privilege.UPDATE,
            Privilege.DELETE,
            Privilege.TRUNCATE,
            Privilege.REFERENCES,
            Privilege.TRIGGER);

    private static final List<Privilege> RELATION_AND_MAINTAIN =
            Stream.concat(RELATION.stream(), Stream.of(Privilege.MAINTAIN)).toList();

    private final Closure closure;
    private final List<Power> powers;

    private EffectivePrivileges(Closure closure, List<Power> powers) {
        this.closure = closure;
        this.powers = List.copyOf(powers);
    }

    /// @param builtin whether built-in functions and types that nobody has touched are wanted, too: thousands
    static EffectivePrivileges of(Connection connection, Closure closure, boolean builtin) throws SQLException {
        var maintain = connection.getMetaData().getDatabaseMajorVersion() >= 17;
        var powers = new ArrayList<Power>();
        try (var query = connection.prepareStatement(Sql.resource("holdings.sql"))) {
            query.setArray(1, connection.createArrayOf("oid", closure.usableOids()));
            query.setBoolean(2, builtin);
            query.setFetchSize(10_000);
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    power(rows, closure, maintain).forEach(powers::add);
                }
            }
        }
        return new EffectivePrivileges(closure, powers);
    }

    Closure closure() {
        return closure;
    }

    List<Power> powers() {
        return powers;
    }

    Holdings holdings() {
        return new Holdings(
                closure.subject().name(),
                closure.superuser(),
                powers.stream().map(Power::holding).toList());
    }

    private static Stream<Power> power(ResultSet row, Closure closure, boolean maintain) throws SQLException {
        var kind = row.getString("kind");
        var detail = row.getString("detail");
        var on = CatalogWords.securable(kind, row.getString("schema"), row.getString("name"), detail);
        var role = row.getLong("role");
        var reached = closure.usable(role);
        if (role != 0 && reached.isEmpty()) {
            return Stream.empty();
        }
        var source = source(row.getString("source"));
        var privilege = Optional.ofNullable(row.getString("privilege")).map(CatalogWords::privilege);
        var privileges = privilege.map(List::of).orElseGet(() -> privilegesOn(kind, maintain));
        var grantable = row.getBoolean("grantable");
        // Nobody but a superuser writes to a catalog by a table's privilege (pg_class_aclmask in aclchk.c), but a
        // grant option on it can be passed on.
        var unwritable = row.getBoolean("catalog");
        var grantorReaches = row.getBoolean("grantor_reaches");
        var grantor = Optional.ofNullable(row.getString("grantor"))
                .map(name -> new Grantor(new RoleName(name), grantorReaches));
        var oid = row.getLong("oid");
        var builtin = row.getBoolean("builtin");
        var shipped = row.getBoolean("shipped");
        return privileges.stream()
                .filter(each -> grantable || !unwritable || !isWrite(each))
                .map(each -> new Power(
                        new Holding(
                                each,
                                on,
                                grantable,
                                unwritable && isWrite(each) ? Holding.Source.OPTION : source,
                                reached.map(Closure.Reached::reach).orElse(Holding.Reach.AT_ONCE),
                                reached.map(Closure.Reached::path)
                                        .orElseGet(() ->
                                                List.of(closure.subject().name().value(), "PUBLIC"))),
                        oid,
                        detail,
                        reached.map(found -> found.role().name()),
                        grantor,
                        builtin,
                        shipped));
    }

    private static boolean isWrite(Privilege privilege) {
        return switch (privilege) {
            case INSERT, UPDATE, DELETE, TRUNCATE -> true;
            default -> false;
        };
    }

    private static Holding.Source source(String word) {
        return switch (word) {
            case "grant" -> Holding.Source.GRANT;
            case "owner" -> Holding.Source.OWNERSHIP;
            case "predefined" -> Holding.Source.PREDEFINED;
            default -> throw new IllegalArgumentException(word);
        };
    }

    /// What an owner can give itself.
    private static List<Privilege> privilegesOn(String kind, boolean maintain) {
        return switch (kind) {
            case "relation" -> maintain ? RELATION_AND_MAINTAIN : RELATION;
            case "column" -> List.of();
            case "sequence" -> List.of(Privilege.USAGE, Privilege.SELECT, Privilege.UPDATE);
            case "schema" -> List.of(Privilege.USAGE, Privilege.CREATE);
            case "database" -> List.of(Privilege.CREATE, Privilege.CONNECT, Privilege.TEMPORARY);
            case "routine" -> List.of(Privilege.EXECUTE);
            case "large object" -> List.of(Privilege.SELECT, Privilege.UPDATE);
            case "tablespace" -> List.of(Privilege.CREATE);
            case "parameter" -> List.of(Privilege.SET, Privilege.ALTER_SYSTEM);
            case "type", "language", "foreign-data wrapper", "foreign server" -> List.of(Privilege.USAGE);
            default -> throw new IllegalArgumentException(kind);
        };
    }
}
