package dev.agentroles.engine.mysql;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Guard;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.ProbeReport;
import dev.agentroles.engine.ProbeReport.Attempt;
import dev.agentroles.engine.ProbeReport.Outcome;
import dev.agentroles.engine.Said;
import dev.agentroles.engine.SqlCloseable;
import dev.agentroles.engine.Subject;
import dev.agentroles.engine.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.stream.Collectors;

/// The second witness: an agent's own session, as it begins, without any role, with each other role that it
/// has, and (MySQL) with all of them. A server may know of grants that no table shows, and a role can take
/// away as well as give.
///
/// Whatever a probe does is taken back: each is a transaction of its own, rolled back, and no lock stays.
final class Prober {
    /// Relations tried in scope, and as many of those out of it that the agent is shown.
    private static final int SAMPLE = 25;

    private static final int SCHEMAS = 40;

    private static final int ROLES = 10;

    /// Seconds.
    private static final int PATIENCE = 5;

    private static final Duration SILENCE = Duration.ofSeconds(15);

    /// Databases that everybody is shown, each what he may see of it.
    private static final Set<String> SHOWN = Set.of("information_schema", "performance_schema", "sys");

    /// What every refusal of the guard has for a SQLSTATE.
    private static final String GUARD = "AR";

    /// Of a guarded view that does not hold any more: what it names is gone, or its definer is, or a
    /// routine; or the collations in it do not go together.
    private static final Set<Integer> BROKEN = Set.of(
            ServerErrors.ER_VIEW_INVALID,
            ServerErrors.ER_NO_SUCH_USER,
            ServerErrors.ER_SP_DOES_NOT_EXIST,
            ServerErrors.ER_CANT_AGGREGATE_2COLLATIONS,
            ServerErrors.ER_CANT_AGGREGATE_3COLLATIONS,
            ServerErrors.ER_CANT_AGGREGATE_NCOLLATIONS);

    /// What passes: a lock, a deadlock, a statement that was ended or took too long (MariaDB, MySQL); and a
    /// server that takes no writes just now.
    private static final Set<Integer> PASSING = Set.of(
            ServerErrors.ER_LOCK_WAIT_TIMEOUT,
            ServerErrors.ER_LOCK_DEADLOCK,
            ServerErrors.ER_QUERY_INTERRUPTED,
            ServerErrors.ER_STATEMENT_TIMEOUT,
            ServerErrors.ER_QUERY_TIMEOUT,
            ServerErrors.ER_OPTION_PREVENTS_STATEMENT,
            ServerErrors.ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION,
            ServerErrors.ER_READ_ONLY_MODE);

    private final Target login;
    private final Dialect dialect;
    private final Intended intended;

    Prober(Target login, Dialect dialect, Subject subject, AccessState state) {
        this.login = login;
        this.dialect = dialect;
        this.intended = Intended.of(subject, state);
    }

    ProbeReport probe() throws SQLException {
        try (var session = Session.open(login, dialect, SILENCE)) {
            run(session, "SET SESSION lock_wait_timeout = 1, SESSION innodb_lock_wait_timeout = 1");
            session.setAutoCommit(false);
            var shown = shown(session);
            var inScope = relations(intended.given().keySet());
            var others = shown.keySet().stream()
                    .filter(relation -> !inScope.contains(relation))
                    .toList();
            var list = list(shown, inScope, others);
            var attempts = new ArrayList<Attempt>();
            for (var probe : list.probes()) {
                attempts.add(attempt(session, probe));
            }
            attempts.addAll(inOtherRoles(session, list));
            return new ProbeReport(
                    inScope.size() + others.size(),
                    Math.min(inScope.size(), SAMPLE) + Math.min(others.size(), SAMPLE),
                    attempts);
        }
    }

    /// @param shown tables and columns that the agent is shown
    /// @param others of these that are out of scope
    private ProbeList list(
            Map<Securable.Relation, List<String>> shown,
            Set<Securable.Relation> inScope,
            List<Securable.Relation> others) {
        var list = new ProbeList(intended);
        var views = intended.guard().tables().stream()
                .map(Guard.Table::on)
                .map(GuardSql::viewOf)
                .collect(Collectors.toSet());
        inScope.stream()
                .limit(SAMPLE)
                .forEach(relation ->
                        list.inScope(relation, shown.getOrDefault(relation, List.of()), views.contains(relation)));
        others.stream().limit(SAMPLE).forEach(list::outOfScope);
        inScope.stream()
                .collect(Collectors.toMap(
                        Securable.Relation::schema, Function.identity(), (first, _) -> first, LinkedHashMap::new))
                .entrySet()
                .stream()
                .limit(SCHEMAS)
                .forEach(entry -> list.schema(entry.getKey(), entry.getValue()));
        list.everywhere();
        return list;
    }

    /// Leaves the session in roles that are not the agent's own.
    private List<Attempt> inOtherRoles(Connection session, ProbeList list) throws SQLException {
        var roles = roles(session);
        run(session, "SET ROLE NONE");
        var attempts = new ArrayList<Attempt>();
        attempts.addAll(all(session, list.reads(), "without any role", List.of()));
        attempts.addAll(all(session, list.denied(), "without any role", List.of()));
        for (var role : roles) {
            if (takesUp(session, role)) {
                attempts.addAll(all(
                        session,
                        list.denied(),
                        "with role " + role.sql(),
                        List.of(role.account().display())));
            }
        }
        if (dialect.rolesNeedGlobalPrivilege()) {
            run(session, "SET ROLE ALL");
            var names = roles.stream().map(role -> role.account().display()).toList();
            attempts.addAll(all(session, list.denied(), "with every role", names));
        }
        return attempts;
    }

    private static List<Attempt> all(Connection session, List<Probe> probes, String how, List<String> roles)
            throws SQLException {
        var attempts = new ArrayList<Attempt>();
        for (var probe : probes) {
            attempts.add(attempt(session, probe.with(how, roles)));
        }
        return attempts;
    }

    /// @param sql as SET ROLE names it
    private record Role(String sql, GrantTables.Account account) {
        static Role of(MatchResult found) {
            return new Role(
                    found.group("role"),
                    new GrantTables.Account(
                            plain(found.group("name")),
                            Optional.ofNullable(found.group("host"))
                                    .map(Role::plain)
                                    .orElse("")));
        }

        private static String plain(String quoted) {
            return quoted.replace("``", "`");
        }
    }

    /// Roles that the session may take up and that are not the agent's own.
    private List<Role> roles(Connection session) throws SQLException {
        var roles = new LinkedHashSet<Role>();
        for (var line : AdministratorGrants.shown(session)) {
            AdministratorGrants.roles(line)
                    .map(Role::of)
                    .filter(role -> !intended.roles()
                            .contains(new RoleName(role.account().user())))
                    .forEach(roles::add);
        }
        return roles.stream().limit(ROLES).toList();
    }

    /// MariaDB lists the roles of roles, too, and lets nobody take up one of these.
    private static boolean takesUp(Connection session, Role role) throws SQLException {
        try {
            run(session, "SET ROLE " + role.sql());
            return true;
        } catch (SQLException refused) {
            if (session.isValid(PATIENCE)) {
                return false;
            }
            throw refused;
        }
    }

    /// Sorted, so that every run tries the same.
    private static Set<Securable.Relation> relations(Collection<Securable> all) {
        var relations =
                new TreeSet<>(Comparator.comparing(Securable.Relation::schema).thenComparing(Securable.Relation::name));
        for (var on : all) {
            if (on instanceof Securable.Relation relation) {
                relations.add(relation);
            } else if (on instanceof Securable.Column column) {
                relations.add(column.owner());
            }
        }
        return new LinkedHashSet<>(relations);
    }

    /// Tables and columns on which the agent has something, as the server tells it.
    private static Map<Securable.Relation, List<String>> shown(Connection session) throws SQLException {
        var shown = new LinkedHashMap<Securable.Relation, List<String>>();
        try (var query = session.createStatement();
                var row = query.executeQuery(Sql.resource("probe-columns.sql"))) {
            while (row.next()) {
                if (!SHOWN.contains(row.getString("schema_name"))) {
                    shown.computeIfAbsent(
                                    new Securable.Relation(row.getString("schema_name"), row.getString("relation")),
                                    _ -> new ArrayList<>())
                            .add(row.getString("name"));
                }
            }
        }
        return shown;
    }

    private static void run(Connection session, String sql) throws SQLException {
        try (var statement = session.createStatement()) {
            statement.execute(sql);
        }
    }

    /// Tries once, and once more if something passing came between.
    private static Attempt attempt(Connection session, Probe probe) throws SQLException {
        var first = once(session, probe);
        return first.outcome() == Outcome.UNDECIDED ? once(session, probe) : first;
    }

    /// Where the session is lost, what came first is not hidden.
    private static Attempt once(Connection session, Probe probe) throws SQLException {
        try (var _ = (SqlCloseable) () -> undo(session)) {
            return tried(session, probe);
        }
    }

    private static void undo(Connection session) throws SQLException {
        session.rollback();
        run(session, "UNLOCK TABLES");
    }

    private static Attempt tried(Connection session, Probe probe) throws SQLException {
        try (var statement = session.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(probe.sql());
            return probe.guarded() && !probe.promised() && statement.getUpdateCount() == 0
                    ? attempted(probe, Outcome.REFUSED, "there was no row")
                    : attempted(probe, Outcome.ALLOWED, "");
        } catch (SQLException said) {
            return attempted(probe, outcome(probe, said), said.getErrorCode() + " " + Said.text(said));
        }
    }

    private static Outcome outcome(Probe probe, SQLException said) {
        if (MySqlErrors.isForWantOfRight(said)
                || String.valueOf(said.getSQLState()).startsWith(GUARD)) {
            return Outcome.REFUSED;
        }
        if (probe.guarded() && BROKEN.contains(said.getErrorCode())) {
            return Outcome.BROKEN;
        }
        if (probe.passed().contains(said.getErrorCode())) {
            return Outcome.ALLOWED;
        }
        return probe.promised() && !PASSING.contains(said.getErrorCode()) ? Outcome.FAILED : Outcome.UNDECIDED;
    }

    private static Attempt attempted(Probe probe, Outcome outcome, String answer) {
        return new Attempt(probe.what(), probe.sql(), probe.promised(), outcome, answer, probe.needs(), probe.told());
    }
}
