package dev.agentroles.engine.postgres;

import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.engine.Holding;
import dev.agentroles.engine.Holdings;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

    static EffectivePrivileges of(RoleHoldings holdings, Closure closure) throws SQLException {
        boolean maintain = holdings.hasMaintain();
        return new EffectivePrivileges(
                closure,
                holdings.of(Set.of(closure.usableOids())).stream()
                        .flatMap(row -> powers(row, closure, maintain))
                        .toList());
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

    private static Stream<Power> powers(RoleHoldings.Row row, Closure closure, boolean maintain) {
        var reached = closure.usable(row.role());
        var privileges = row.privilege().map(List::of).orElseGet(() -> privilegesOn(row.kind(), maintain));
        return privileges.stream()
                // Nobody but a superuser writes to a catalog by a table's privilege (pg_class_aclmask in aclchk.c),
                // but a grant option on it can be passed on.
                .filter(each -> row.grantable() || !row.catalog() || !isWrite(each))
                .map(each -> new Power(
                        new Holding(
                                each,
                                row.on(),
                                row.grantable(),
                                row.catalog() && isWrite(each) ? Holding.Source.OPTION : row.source(),
                                reached.map(Closure.Reached::reach).orElse(Holding.Reach.AT_ONCE),
                                reached.map(Closure.Reached::path)
                                        .orElseGet(() ->
                                                List.of(closure.subject().name().value(), "PUBLIC"))),
                        row.oid(),
                        row.detail(),
                        reached.map(found -> found.role().name()),
                        row.grantor(),
                        row.builtin(),
                        row.shipped()));
    }

    private static boolean isWrite(Privilege privilege) {
        return switch (privilege) {
            case INSERT, UPDATE, DELETE, TRUNCATE -> true;
            default -> false;
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
