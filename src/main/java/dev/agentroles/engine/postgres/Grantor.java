package dev.agentroles.engine.postgres;

import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Who made an entry of an access list that is not of its object's owner. Only the same role takes it away:
/// whoever else says REVOKE, a superuser too, speaks for the owner or for another grantor
/// (`select_best_grantor` in PostgreSQL's acl.c), and changes nothing, without an error.
///
/// @param usesSchema whether the role can name the object
record Grantor(RoleName name, boolean usesSchema) {
    /// What a database administrator says so that a REVOKE takes the entry away.
    ///
    /// @param grantor empty: the owner, for whom a superuser speaks without being asked
    static List<String> revoke(Optional<Grantor> grantor, Securable on, String revoke) {
        return grantor.map(one -> one.revoke(on, revoke)).orElseGet(() -> List.of(revoke));
    }

    private List<String> revoke(Securable on, String revoke) {
        var use = on.home().filter(_ -> !usesSchema).map(schema -> usage(schema, name));
        return Stream.concat(use.stream(), Stream.of("SET ROLE " + Sql.identifier(name), revoke, "RESET ROLE"))
                .toList();
    }

    /// What lets a role name what is in a schema.
    static String usage(Securable.Schema schema, RoleName to) {
        return "GRANT USAGE ON " + Sql.on(schema) + " TO " + Sql.identifier(to);
    }
}
