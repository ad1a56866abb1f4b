package dev.agentroles.engine.mysql;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Finding;
import dev.agentroles.access.Guard;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.Account;
import dev.agentroles.engine.Holdings;
import dev.agentroles.engine.NamedObject;
import dev.agentroles.engine.ObjectName;
import dev.agentroles.engine.Rule;
import dev.agentroles.engine.Said;
import dev.agentroles.engine.ServerPower;
import dev.agentroles.engine.Subject;
import dev.agentroles.engine.Testimony;
import dev.agentroles.engine.Witness;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The grant tables' witness: reads them once and holds what a subject can do against what it should. Works for
/// an administrator who may read the server's own database and is otherwise no superuser.
final class Examination implements Witness {
    /// Seconds.
    private static final int PATIENCE = 5;

    private final Connection connection;
    private final Dialect dialect;
    private final List<String> hosts;
    private @Nullable GrantTables tables;
    private @Nullable GuardCatalog guard;
    private @Nullable AdministratorGrants administrator;
    private @Nullable List<GrantTables.Trigger> triggers;

    /// @param connection an administrator's session; nothing is written
    /// @param hosts from where the profile lets logins come
    Examination(Connection connection, Dialect dialect, Collection<String> hosts) {
        this.connection = connection;
        this.dialect = dialect;
        this.hosts = List.copyOf(hosts);
    }

    /// All is read once, whoever is asked about.
    @Override
    public void expect(Collection<RoleName> roles) {}

    @Override
    public Testimony examine(Subject subject, AccessState state) throws SQLException {
        var examined = EffectivePrivileges.of(tables(), subject.role(), hosts)
                .map(privileges -> new Examined(subject, Intended.of(subject, state), privileges));
        if (examined.isEmpty()) {
            return new Testimony(List.of(missing(subject, subject.role())), List.of());
        }
        var definers = definers(examined.get());
        return new Testimony(findings(examined.get(), definers, state), definers.definitions());
    }

    private List<Finding> findings(Examined examined, DefinerExamination definers, AccessState state)
            throws SQLException {
        var subject = examined.subject();
        var findings = new ArrayList<Finding>();
        examined.absent().forEach(role -> findings.add(missing(subject, role)));
        var accounts = Accounts.read(connection, dialect, subject.role().value());
        findings.addAll(new RoleExamination(examined, accounts, administrator().account()).findings());
        findings.addAll(new LoginExamination(examined, hosts, now()).findings());
        findings.addAll(new PrivilegeExamination(examined).findings());
        if (examined.intended().writes()) {
            findings.addAll(new GuardExamination(examined, guard()).findings());
        }
        findings.addAll(definers.findings());
        expiry(examined.agent(), state).ifPresent(findings::add);
        door(examined, state).ifPresent(findings::add);
        findings.add(blind());
        findings.addAll(prepared());
        findings.addAll(loadable());
        return findings.stream().distinct().sorted(Finding.WORST_FIRST).toList();
    }

    /// A tier's role is of no one agent.
    private static Finding missing(Subject subject, RoleName role) {
        return Rule.ROLE_MISSING.finding(
                Optional.of(subject.agent()).filter(_ -> subject.owns(role)),
                "there is no role %s".formatted(role),
                List.of(role.value()),
                "mysql.user",
                List.of(),
                List.of());
    }

    private Instant now() throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT CAST(UNIX_TIMESTAMP() AS SIGNED)")) {
            row.next();
            return Instant.ofEpochSecond(row.getLong(1));
        }
    }

    /// Whether the server ends leases by itself, where it should.
    private Optional<Finding> expiry(Optional<String> agent, AccessState state) throws SQLException {
        if (state.expiry().isEmpty()) {
            return Optional.empty();
        }
        var present = ExpiryEvent.read(connection, dialect).map(ExpiryEvent.Found::fingerprint);
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

    /// What the subject asks for schema changes by, if it may.
    private Optional<Finding> door(Examined examined, AccessState state) throws SQLException {
        if (state.door().isEmpty()
                || examined.intended().grants().stream().noneMatch(grant -> ChangeDoor.isPart(grant.on()))) {
            return Optional.empty();
        }
        var door = ChangeDoor.read(connection, dialect);
        var found = door.fingerprint();
        return found.equals(state.door())
                ? Optional.empty()
                : Optional.of(Rule.CHANGE_DOOR.finding(
                        examined.agent(),
                        door.found().isEmpty()
                                ? "there is no database " + ChangeDoor.SCHEMA
                                        + ": the agent cannot ask for schema changes"
                                : "the procedures of database " + ChangeDoor.SCHEMA
                                        + " are not as agentroles made them",
                        List.of(examined.subject().role().value(), ChangeDoor.SCHEMA),
                        found.map(is -> "fingerprint " + is + ", wanted "
                                        + state.door().get())
                                .orElse("information_schema.SCHEMATA"),
                        List.of(),
                        List.of()));
    }

    /// Code of the server's own process, with the rights of its account of the operating system. No right is asked
    /// for (seen on MySQL 9.7.4 and MariaDB 11.8.9), so it is of no one agent.
    private List<Finding> loadable() throws SQLException {
        return tables().loadable().stream()
                .map(function -> Rule.LOADABLE_FUNCTION.finding(
                        Optional.empty(),
                        "every login may call %s, which runs what library %s holds in the server itself"
                                .formatted(function.name(), function.library()),
                        List.of(function.name()),
                        "mysql.func",
                        List.of("DROP FUNCTION " + Sql.identifier(function.name())),
                        List.of()))
                .toList();
    }

    /// The server says of none whose it is, so each is told once, and of no agent.
    private List<Finding> prepared() throws SQLException {
        try {
            return PreparedTransactions.read(connection).stream()
                    .map(prepared -> Rule.PREPARED_TRANSACTION.finding(
                            Optional.empty(),
                            prepared.what(),
                            List.of(),
                            "XA RECOVER",
                            List.of(prepared.undo()),
                            List.of()))
                    .toList();
        } catch (SQLException refused) {
            if (connection.isValid(PATIENCE)) {
                return List.of(Rule.WITNESS_BLIND.finding(
                        Optional.empty(),
                        "transactions that were prepared with XA are not shown to this administrator",
                        List.of(),
                        Said.text(refused),
                        List.of("GRANT XA_RECOVER_ADMIN ON *.* TO "
                                + administrator().quoted()),
                        List.of()));
            }
            throw refused;
        }
    }

    /// Nobody is shown this. A server acts by the grants in its memory, which differ from the tables if
    /// somebody wrote into those by hand.
    private static Finding blind() {
        return Rule.WITNESS_BLIND.finding(
                Optional.empty(),
                "grants that only the server's memory has are not examined, unless a probe meets them",
                List.of(),
                "no table shows them",
                List.of("FLUSH PRIVILEGES"),
                List.of());
    }

    /// Triggers are read only if the subject may fire them.
    private DefinerExamination definers(Examined examined) throws SQLException {
        var writes = !DefinerExamination.written(examined).isEmpty();
        return new DefinerExamination(examined, administrator(), writes ? triggers() : List.of());
    }

    @Override
    public Optional<Holdings> holdings(RoleName role, boolean builtin) throws SQLException {
        return EffectivePrivileges.of(tables(), role, hosts).map(EffectivePrivileges::holdings);
    }

    @Override
    public List<ServerPower> serverPowers(RoleName role) throws SQLException {
        return EffectivePrivileges.of(tables(), role, hosts)
                .map(EffectivePrivileges::serverPowers)
                .orElse(List.of());
    }

    @Override
    public List<Account> accounts() throws SQLException {
        return tables().accounts().keySet().stream()
                .filter(account -> !account.anonymous() && !account.equals(GrantTables.Account.PUBLIC))
                .collect(Collectors.groupingBy(
                        account -> new RoleName(account.user()),
                        TreeMap::new,
                        Collectors.mapping(GrantTables.Account::host, Collectors.toCollection(TreeSet::new))))
                .entrySet()
                .stream()
                .map(account -> new Account(account.getKey(), List.copyOf(account.getValue())))
                .toList();
    }

    @Override
    public List<NamedObject> named(ObjectName name) throws SQLException {
        var guarded = guard().guard().tables().stream().map(Guard.Table::on).collect(Collectors.toSet());
        return new ObjectFinder(connection, tables())
                .find(name).stream().map(found -> reached(found.on(), guarded)).toList();
    }

    /// Whoever may change a guarded table does so through its view.
    private static NamedObject reached(Securable on, Set<Securable.Relation> guarded) {
        var table = on.whole();
        return table instanceof Securable.Relation relation && guarded.contains(relation)
                ? new NamedObject(on, List.of(new NamedObject.Parent(GuardSql.viewOf(relation), true)))
                : NamedObject.of(on);
    }

    @Override
    public List<String> namesLike(ObjectName name) throws SQLException {
        return new ObjectFinder(connection, tables()).names(name);
    }

    private GrantTables tables() throws SQLException {
        var known = tables;
        if (known == null) {
            known = new GrantTablesReader(connection, dialect).read();
            tables = known;
        }
        return known;
    }

    private GuardCatalog guard() throws SQLException {
        var known = guard;
        if (known == null) {
            var form = dialect.guard().on(Variables.read(connection));
            known = new GuardReader(connection, form).read(true);
            guard = known;
        }
        return known;
    }

    private AdministratorGrants administrator() throws SQLException {
        var known = administrator;
        if (known == null) {
            known = AdministratorGrants.read(connection, Variables.read(connection));
            administrator = known;
        }
        return known;
    }

    private List<GrantTables.Trigger> triggers() throws SQLException {
        var known = triggers;
        if (known == null) {
            known = new GrantTablesReader(connection, dialect).triggers();
            triggers = known;
        }
        return known;
    }
}
