package dev.agentroles.engine.postgres;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Finding;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Sha256;
import dev.agentroles.engine.Account;
import dev.agentroles.engine.Definition;
import dev.agentroles.engine.Holding;
import dev.agentroles.engine.Holdings;
import dev.agentroles.engine.NamedObject;
import dev.agentroles.engine.ObjectName;
import dev.agentroles.engine.Rule;
import dev.agentroles.engine.ServerPower;
import dev.agentroles.engine.Subject;
import dev.agentroles.engine.Testimony;
import dev.agentroles.engine.Witness;
import dev.agentroles.engine.postgres.Answers.Parameter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The catalog's witness: reads what a subject can do and holds it against what it should. About twenty
/// queries, whatever the number of objects; all of them work for an administrator who is no superuser.
final class Examination implements Witness {
    private static final int LOOKS = 5;

    private final Connection connection;
    private final Answers answers;
    private final RoleHoldings touched;
    private final RoleHoldings all;
    private Collection<RoleName> expected = Set.of();

    /// @param connection an administrator's session on the database; nothing is written
    Examination(Connection connection) {
        this.connection = connection;
        this.answers = new Answers(connection);
        this.touched = new RoleHoldings(connection, false);
        this.all = new RoleHoldings(connection, true);
    }

    @Override
    public void expect(Collection<RoleName> roles) throws SQLException {
        expected = Set.copyOf(roles);
        answers.keep();
        var reachable = inOneSnapshot(this::memberships).oids();
        touched.share(reachable);
        all.share(reachable);
    }

    private Memberships memberships() throws SQLException {
        return answers.fact(Memberships.class, session -> Memberships.read(session, expected));
    }

    /// @return empty if there is no such role
    private Optional<Closure> closure(RoleName role) throws SQLException {
        return expected.contains(role) ? memberships().closure(role) : Closure.of(connection, role);
    }

    @Override
    public Testimony examine(Subject subject, AccessState state) throws SQLException {
        return inOneSnapshot(() -> look(subject, state));
    }

    private Testimony look(Subject subject, AccessState state) throws SQLException {
        var closure = closure(subject.role());
        if (closure.isEmpty()) {
            return new Testimony(List.of(missing(subject, subject.role())), List.of());
        }
        var session = answers.fact(SurroundingsExamination.Session.class, SurroundingsExamination.Session::read);
        var examined = Examined.of(
                answers,
                subject,
                Intended.of(subject, state),
                EffectivePrivileges.of(touched, closure.get()),
                session.database(),
                session.databaseOwner());
        return new Testimony(findings(examined, state, session), definitions(examined, state));
    }

    private List<Finding> findings(Examined examined, AccessState state, SurroundingsExamination.Session session)
            throws SQLException {
        var subject = examined.subject();
        var revocation = answers.fact(Revocation.class, Revocation::of);
        var findings = new ArrayList<Finding>();
        examined.absent().forEach(role -> findings.add(missing(subject, role)));
        findings.addAll(new RoleExamination(examined).findings());
        findings.addAll(new LoginExamination(examined).findings());
        var guard = new GuardExamination(examined, state);
        findings.addAll(guard.findings());
        findings.addAll(new PrivilegeExamination(examined, revocation, guard.idle()).findings());
        findings.addAll(new RoutineExamination(examined, revocation).findings());
        findings.addAll(door(examined, state));
        findings.addAll(new TableExamination(examined).findings());
        findings.addAll(new RuleExamination(examined).findings());
        findings.addAll(new SurroundingsExamination(examined, session, dependencies(examined.closure())).findings());
        if (session.readsHba()) {
            findings.addAll(answers.fact(OpenLogins.class, OpenLogins::read).findings());
        }
        findings.addAll(prepared(subject));
        return findings.stream().distinct().sorted(Finding.WORST_FIRST).toList();
    }

    private Dependencies dependencies(Closure closure) throws SQLException {
        return expected.contains(closure.subject().name())
                ? answers.fact(
                        Dependencies.class,
                        session -> Dependencies.read(session, memberships().oids()))
                : Dependencies.read(connection, List.of(closure.usableOids()));
    }

    /// A tier's role is of no one agent.
    private static Finding missing(Subject subject, RoleName role) {
        return Rule.ROLE_MISSING.finding(
                Optional.of(subject.agent()).filter(_ -> subject.owns(role)),
                "there is no role %s".formatted(role),
                List.of(role.value()),
                "pg_roles",
                List.of(),
                List.of());
    }

    /// What the subject asks for schema changes by, if it may.
    private List<Finding> door(Examined examined, AccessState state) throws SQLException {
        var wanted = state.door();
        if (wanted.isEmpty() || examined.intended().grants().stream().noneMatch(ChangeDoor::opens)) {
            return List.of();
        }
        var door = ChangeDoor.read(connection);
        var found = door.fingerprint();
        return found.equals(wanted)
                ? List.of()
                : List.of(Rule.CHANGE_DOOR.finding(
                        examined.agent(),
                        door.facts().isEmpty()
                                ? "there is no schema " + ChangeDoor.SCHEMA
                                        + ": the agent cannot ask for schema changes"
                                : "the functions of schema " + ChangeDoor.SCHEMA + " are not as agentroles made them",
                        List.of(examined.subject().role().value(), ChangeDoor.SCHEMA),
                        found.map(is -> "fingerprint " + is + ", wanted " + wanted.get())
                                .orElse("pg_namespace"),
                        List.of(),
                        List.of()));
    }

    /// Those of logins that are gone are of no agent.
    private List<Finding> prepared(Subject subject) throws SQLException {
        return PreparedTransactions.read(connection).stream()
                .filter(prepared -> prepared.login().isEmpty() || prepared.of(subject.role()))
                .map(prepared -> Rule.PREPARED_TRANSACTION.finding(
                        prepared.login().map(_ -> subject.agent()),
                        prepared.told().what(),
                        prepared.login().stream()
                                .map(PreparedTransactions.Login::name)
                                .toList(),
                        "pg_prepared_xacts",
                        List.of(prepared.told().undo()),
                        List.of()))
                .toList();
    }

    @Override
    public Optional<Holdings> holdings(RoleName role, boolean builtin) throws SQLException {
        return inOneSnapshot(() -> held(role, builtin));
    }

    private Optional<Holdings> held(RoleName role, boolean builtin) throws SQLException {
        var closure = closure(role);
        return closure.isEmpty()
                ? Optional.empty()
                : Optional.of(EffectivePrivileges.of(builtin ? all : touched, closure.get())
                        .holdings());
    }

    @Override
    public List<ServerPower> serverPowers(RoleName role) throws SQLException {
        return inOneSnapshot(() -> Closure.of(connection, role).stream()
                .flatMap(closure -> Stream.concat(attributes(closure), roles(closure)))
                .distinct()
                .toList());
    }

    private static Stream<ServerPower> attributes(Closure closure) {
        var subject = closure.subject();
        return Stream.concat(
                subject.powers().stream()
                        .map(power ->
                                new ServerPower(power, List.of(subject.name().value()))),
                closure.becomable().stream()
                        .flatMap(reached ->
                                reached.role().powers().stream().map(power -> new ServerPower(power, reached.path()))));
    }

    /// Those that the server defines, and those of which the subject would first have to make itself a member.
    private static Stream<ServerPower> roles(Closure closure) {
        return Stream.concat(closure.usable().stream(), closure.becomable().stream())
                .filter(reached -> reached.reach() == Holding.Reach.SELF_GRANT
                        || reached.role().name().value().startsWith("pg_"))
                .map(reached -> new ServerPower("role " + reached.role().name(), reached.path()));
    }

    @Override
    public List<Account> accounts() throws SQLException {
        return CatalogReader.roles(connection).stream()
                .map(row -> new Account(row.name(), List.of()))
                .sorted(Comparator.comparing(Account::name))
                .toList();
    }

    @Override
    public List<NamedObject> named(ObjectName name) throws SQLException {
        return new ObjectFinder(connection).find(name);
    }

    @Override
    public List<String> namesLike(ObjectName name) throws SQLException {
        return new ObjectFinder(connection).names(name);
    }

    private List<Definition> definitions(Examined examined, AccessState state) throws SQLException {
        var definitions = answers.to(
                "definitions.sql",
                row -> new Definition(
                        row.getString("identity"),
                        Sha256.of(row.getString("text")).hex()),
                Parameter.oids(examined.relations(Privilege.SELECT)),
                Parameter.oids(examined.routines()),
                Parameter.oids(Stream.of(Privilege.INSERT, Privilege.UPDATE, Privilege.DELETE)
                        .flatMap(privilege -> examined.relations(privilege).stream())
                        .collect(Collectors.toSet())));
        // What agents ask by is held to this program's own text.
        return definitions.stream()
                .filter(definition -> state.door().isEmpty() || !ChangeDoor.isPart(definition.identity()))
                .toList();
    }

    /// What was dropped since can stand in a snapshot, and be missed by a function of the server: the next look
    /// does not find it any more.
    private <T> T inOneSnapshot(Look<T> look) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try (var _ = Snapshot.of(connection)) {
                return look.take();
            } catch (SQLException failed) {
                if (attempt == LOOKS || !PostgresErrors.dropped(failed)) {
                    throw failed;
                }
                answers.forget();
                touched.forget();
                all.forget();
            }
        }
    }

    private interface Look<T> {
        T take() throws SQLException;
    }
}
