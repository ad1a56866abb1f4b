package dev.agentroles.engine.postgres;

import dev.agentroles.access.Grant;
import dev.agentroles.access.Grantee;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.engine.postgres.EffectivePrivileges.Power;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The statements that take from a grantee what was found, for a database administrator: each entry in its
/// grantor's name, and what `harden` would take from PUBLIC only after those who work by it have it
/// themselves.
///
/// @param keepers who would lose what PUBLIC has, by what it is
record Revocation(Map<Grant, List<RoleName>> keepers) {
    static Revocation of(Connection connection) throws SQLException {
        var words = PostgresTerms.TERMS.hardening().toArray(String[]::new);
        var roles = CatalogReader.roles(connection);
        return new Revocation(CatalogReader.publics(connection, words, roles, new String[] {"%"}).stream()
                .collect(Collectors.toMap(Catalog.PublicRow::grant, Catalog.PublicRow::keepers, (first, _) -> first)));
    }

    /// @param powers of one grantee on one object
    /// @param option what of them: "", or `GRANT OPTION FOR `
    Stream<String> statements(List<Power> powers, String option) {
        var on = powers.getFirst().holding().on();
        var grantee = powers.getFirst().grantee();
        var byGrantor = new LinkedHashMap<Optional<Grantor>, EnumSet<Privilege>>();
        for (var power : powers) {
            byGrantor
                    .computeIfAbsent(power.grantor(), _ -> EnumSet.noneOf(Privilege.class))
                    .add(power.holding().privilege());
        }
        var revokes = byGrantor.entrySet().stream()
                .flatMap(entry -> Grantor.revoke(
                        entry.getKey(),
                        on,
                        "REVOKE %s%s ON %s FROM %s CASCADE"
                                .formatted(
                                        option,
                                        entry.getValue().stream()
                                                .map(privilege -> Sql.privilege(privilege, on))
                                                .collect(Collectors.joining(", ")),
                                        Sql.on(on),
                                        grantee.map(Sql::identifier).orElse("PUBLIC")))
                        .stream());
        return grantee.isPresent() ? revokes : Stream.concat(keep(powers), revokes);
    }

    private Stream<String> keep(List<Power> powers) {
        return powers.stream()
                .map(Power::holding)
                .map(holding -> new Grant(Grantee.everybody(), holding.privilege(), holding.on(), false))
                .distinct()
                .filter(grant -> !keepers.getOrDefault(grant, List.of()).isEmpty())
                .map(grant -> "GRANT %s ON %s TO %s"
                        .formatted(
                                grant.privilege().sql(),
                                Sql.on(grant.on()),
                                keepers.getOrDefault(grant, List.of()).stream()
                                        .map(Sql::identifier)
                                        .collect(Collectors.joining(", "))));
    }
}
