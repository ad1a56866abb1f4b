package dev.agentroles.engine.postgres;

import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.Holding;
import dev.agentroles.engine.Rows;
import dev.agentroles.engine.Subject;
import dev.agentroles.engine.postgres.EffectivePrivileges.Power;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// One subject on the table: what it can do, what it should, and the session that looks.
///
/// @param answers of this session's server to questions that are not about this subject alone
/// @param database as the server calls it
/// @param databaseOwner to whom things are given back
/// @param own what reaches the subject through roles that it should have, or because everybody has it; the
/// rest is told by the membership that leads there
/// @param absent roles of the profile that the server does not have
/// @param relations the oids of relations of users that the subject has a privilege on by its own power, or on some of
/// their columns
/// @param readable what the subject reads by its own power
/// @param usableSchemas schemas that it may look into by its own power
record Examined(
        Answers answers,
        Subject subject,
        Intended intended,
        EffectivePrivileges privileges,
        String database,
        String databaseOwner,
        List<Power> own,
        SortedSet<RoleName> absent,
        Map<Privilege, SortedSet<Long>> relations,
        Set<Securable> readable,
        Set<String> usableSchemas) {
    static Examined of(
            Answers answers,
            Subject subject,
            Intended intended,
            EffectivePrivileges privileges,
            String database,
            String databaseOwner)
            throws SQLException {
        var own = privileges.powers().stream()
                .filter(power -> power.grantee().map(intended.roles()::contains).orElse(true))
                .filter(power -> power.holding().source() != Holding.Source.OWNERSHIP)
                .toList();
        var relations = own.stream()
                .filter(power -> !power.builtin() && power.holding().on().whole() instanceof Securable.Relation)
                .collect(Collectors.groupingBy(
                        power -> power.holding().privilege(),
                        () -> new EnumMap<>(Privilege.class),
                        Collectors.mapping(
                                Power::oid,
                                Collectors.collectingAndThen(
                                        Collectors.toCollection(TreeSet::new), Collections::unmodifiableSortedSet))));
        var readable = own.stream()
                .filter(power -> power.holding().privilege() == Privilege.SELECT)
                .map(power -> power.holding().on())
                .collect(Collectors.toSet());
        var usable = own.stream()
                .filter(power -> power.holding().privilege() == Privilege.USAGE
                        && power.holding().on() instanceof Securable.Schema)
                .map(power -> ((Securable.Schema) power.holding().on()).name())
                .collect(Collectors.toSet());
        return new Examined(
                answers,
                subject,
                intended,
                privileges,
                database,
                databaseOwner,
                own,
                absent(answers.connection(), intended.roles()),
                relations,
                readable,
                usable);
    }

    private static SortedSet<RoleName> absent(Connection connection, Set<RoleName> roles) throws SQLException {
        var names = roles.stream().map(RoleName::value).toArray();
        return new TreeSet<>(Rows.read(
                connection,
                Sql.resource("examine-absent.sql"),
                query -> query.setArray(1, connection.createArrayOf("text", names)),
                row -> new RoleName(row.getString("name"))));
    }

    Connection connection() {
        return answers.connection();
    }

    Closure closure() {
        return privileges.closure();
    }

    boolean reads(Securable on) {
        return readable.contains(on) || (on instanceof Securable.Column column && readable.contains(column.owner()));
    }

    /// The oids of routines of users that the subject may call by its own power.
    Set<Long> routines() {
        return own.stream()
                .filter(power -> power.holding().privilege() == Privilege.EXECUTE
                        && !power.builtin()
                        && power.holding().on() instanceof Securable.Routine)
                .map(Power::oid)
                .collect(Collectors.toSet());
    }

    /// Whether the subject has the privilege on the object itself by its own power.
    boolean holds(Privilege privilege, Securable on) {
        return own.stream()
                .map(Power::holding)
                .anyMatch(holding ->
                        holding.privilege() == privilege && holding.on().equals(on));
    }

    /// One of [#relations()], which has none of a privilege that is held on nothing.
    SortedSet<Long> relations(Privilege privilege) {
        return relations.getOrDefault(privilege, Collections.emptySortedSet());
    }

    Optional<String> agent() {
        return Optional.of(subject.agent());
    }

    /// The path to a role of the closure for people; for PUBLIC the subject and `PUBLIC`.
    List<String> pathTo(Optional<RoleName> role) {
        return role.flatMap(name -> closure().usable().stream()
                        .filter(reached -> reached.role().name().equals(name))
                        .findFirst())
                .map(Closure.Reached::path)
                .orElseGet(() -> List.of(
                        subject.role().value(), role.map(RoleName::value).orElse("PUBLIC")));
    }

    /// Reads the rows of a query beside this class that is about this subject.
    <T> List<T> rows(String resource, Rows.Parameters parameters, Rows.Reader<T> reader) throws SQLException {
        return Rows.read(connection(), Sql.resource(resource), parameters, reader);
    }

    Answers.Parameter closureOids() {
        return Answers.Parameter.oids(List.of(closure().usableOids()));
    }

    Rows.Parameters subjectOid() {
        return query -> query.setLong(1, closure().subject().oid());
    }
}
