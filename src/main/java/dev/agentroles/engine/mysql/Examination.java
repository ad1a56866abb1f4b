package dev.agentroles.engine.mysql;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Finding;
import dev.agentroles.access.Guard;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.Definition;
import dev.agentroles.engine.Holdings;
import dev.agentroles.engine.Rule;
import dev.agentroles.engine.Subject;
import dev.agentroles.engine.Witness;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The grant tables' witness: reads them once and holds what a subject can do against what it should. Works for
/// an administrator who may read the server's own database and is otherwise no superuser.
final class Examination implements Witness {
    private final Connection connection;
    private final Dialect dialect;
    private @Nullable GrantTables tables;
    private @Nullable Guard guard;

    /// @param connection an administrator's session; nothing is written
    Examination(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    @Override
    public List<Finding> examine(Subject subject, AccessState state) throws SQLException {
        var found = examined(subject, state);
        if (found.isEmpty()) {
            return List.of(Rule.ROLE_MISSING.finding(
                    Optional.of(subject.agent()),
                    "there is no role %s".formatted(subject.role()),
                    List.of(subject.role().value()),
                    "mysql.user",
                    List.of(),
                    List.of()));
        }
        var examined = found.get();
        var findings = new ArrayList<Finding>();
        var accounts = Accounts.read(connection, dialect, subject.role().value());
        findings.addAll(new RoleExamination(examined, accounts, administrator()).findings());
        findings.addAll(new PrivilegeExamination(examined).findings());
        if (examined.intended().writes()) {
            findings.addAll(new GuardExamination(examined, guard()).findings());
        }
        expiry(examined.agent(), state).ifPresent(findings::add);
        views(examined).map(view -> view(examined, view)).forEach(findings::add);
        findings.add(blind());
        return findings.stream()
                .distinct()
                .sorted(Comparator.comparing(Finding::severity)
                        .thenComparing(Finding::code)
                        .thenComparing(Finding::what))
                .toList();
    }

    /// Whether the server ends leases by itself, where it should.
    private Optional<Finding> expiry(Optional<String> agent, AccessState state) throws SQLException {
        if (state.expiry().isEmpty()) {
            return Optional.empty();
        }
        var present = ExpiryEvent.read(connection).map(ExpiryEvent.Found::fingerprint);
        boolean runs = Variables.read(connection).on("event_scheduler");
        return runs && present.equals(state.expiry())
                ? Optional.empty()
                : Optional.of(Rule.EXPIRY_EVENT.finding(
                        agent,
                        !runs
                                ? "the server's event scheduler is off: nothing ends leases but reap"
                                : present.isEmpty()
                                        ? "there is no event " + ExpiryEvent.NAME + ": nothing ends leases but reap"
                                        : "event " + ExpiryEvent.NAME
                                                + " is disabled, of another definer, or not as agentroles made it",
                        List.of(ExpiryEvent.NAME),
                        "information_schema.EVENTS",
                        List.of(),
                        List.of()));
    }

    /// No administrator short of a superuser is shown these.
    private static Finding blind() {
        return Rule.WITNESS_BLIND.finding(
                Optional.empty(),
                "what triggers and events do as their definers, second passwords of a login, and grants that only the"
                        + " server's memory has, are not examined",
                List.of(),
                "an administrator without rights on every database is not shown them",
                List.of(),
                List.of());
    }

    /// What such a view reads is told only to whoever may read that, too.
    private static Finding view(Examined examined, GrantTables.Relation view) {
        var definer = view.view().orElseThrow().definer();
        return Rule.DEFINER_VIEW.finding(
                examined.agent(),
                "%s reads view %s with the rights of %s"
                        .formatted(examined.subject().agent(), view.name().display(), definer),
                List.of(examined.subject().role().value(), view.name().display(), definer),
                "information_schema.VIEWS: SECURITY_TYPE is not INVOKER; what it reads may be out of the agent's reach",
                List.of(),
                List.of());
    }

    /// Views that the subject reads by its own power and with their definers' rights, but for the guard's.
    private static Stream<GrantTables.Relation> views(Examined examined) {
        var readable = examined.own()
                .filter(power -> power.held().words().contains(Privilege.SELECT.sql()))
                .flatMap(power -> power.held().on().stream())
                .map(on -> on instanceof Securable.Column column ? column.owner() : on)
                .collect(Collectors.toSet());
        return examined.tables().relations().stream()
                .filter(relation -> readable.contains(relation.name()))
                .filter(relation -> relation.view()
                        .filter(view -> view.runsAsDefiner() && !view.definer().equals("agentroles_guard@localhost"))
                        .isPresent());
    }

    @Override
    public Optional<Holdings> holdings(RoleName role, boolean builtin) throws SQLException {
        return EffectivePrivileges.of(tables(), role).map(EffectivePrivileges::holdings);
    }

    /// The text of a view is as much of it as the server shows to this administrator: of another's view
    /// nothing, without SHOW VIEW. Whose rights it has is always shown.
    @Override
    public List<Definition> definitions(Subject subject, AccessState state) throws SQLException {
        return examined(subject, state).stream()
                .flatMap(Examination::views)
                .map(relation -> {
                    var view = relation.view().orElseThrow();
                    return new Definition(
                            "view " + relation.name().display(),
                            HexFormat.of().formatHex(GuardSql.sha256(view.definer() + "\n" + view.text())));
                })
                .toList();
    }

    private Optional<Examined> examined(Subject subject, AccessState state) throws SQLException {
        return EffectivePrivileges.of(tables(), subject.role())
                .map(privileges -> new Examined(subject, Intended.of(subject, state), privileges));
    }

    private GrantTables tables() throws SQLException {
        var known = tables;
        if (known == null) {
            known = new GrantTablesReader(connection, dialect).read();
            tables = known;
        }
        return known;
    }

    private Guard guard() throws SQLException {
        var known = guard;
        if (known == null) {
            var form = dialect.guard().on(Variables.read(connection));
            known = new GuardReader(connection, form).read(true).guard();
            guard = known;
        }
        return known;
    }

    private String administrator() throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT CURRENT_USER()")) {
            row.next();
            return row.getString(1);
        }
    }
}
