package dev.agentroles.engine.postgres;

import dev.agentroles.access.Lease;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Naming;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Secret;
import dev.agentroles.engine.LeaseLogin;
import dev.agentroles.engine.Logins;
import dev.agentroles.engine.Rows;
import dev.agentroles.engine.StopMarks;
import dev.agentroles.engine.Target;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.postgresql.util.PasswordUtil;

/// Leases on PostgreSQL: a LOGIN role that is a member of one agent role, and expires by VALID UNTIL.
///
/// @param administrator the session that makes and drops them
/// @param target the database as the administrator reaches it; a proof goes the same way
/// @param database as the server calls it
/// @param membershipOptions whether what a membership gives is said with the membership: PostgreSQL 16 and
/// later
record PostgresLogins(Connection administrator, Target target, String database, boolean membershipOptions)
        implements Logins {
    private static final Duration SILENCE = Duration.ofSeconds(15);

    /// As good as no waiting, for which ALTER ROLE has no word.
    private static final Duration AT_ONCE = Duration.ofMillis(10);

    @Override
    public List<String> createLogin(Lease lease, LoginTerms terms, Secret password) throws SQLException {
        var login = Sql.identifier(lease.login());
        var statements = new ArrayList<String>();
        statements.add("CREATE ROLE %s LOGIN INHERIT CONNECTION LIMIT %d PASSWORD %s VALID UNTIL %s"
                .formatted(login, terms.connections(), Sql.literal(verifier(password)), literal(lease.expiresAt())));
        // The membership last: since PostgreSQL 16 each change of memberships makes the server work out anew what
        // the administrator is admin of, which takes the longer the more roles it has made.
        statements.add("COMMENT ON ROLE %s IS %s".formatted(login, Sql.literal(terms.mark())));
        SessionSettings.of(terms.bounds())
                .forEach((name, value) -> statements.add(
                        "ALTER ROLE %s SET %s TO %s".formatted(login, Sql.parameter(name), Sql.literal(value))));
        // Without SET the login has the agent's power and cannot become the agent: it cannot change settings of the
        // agent role, nor own what outlives it. PostgreSQL 15 knows no membership without SET.
        statements.add("GRANT %s TO %s%s"
                .formatted(
                        Sql.identifier(terms.agentRole()),
                        login,
                        membershipOptions ? " WITH INHERIT TRUE, SET FALSE" : ""));
        return List.copyOf(statements);
    }

    /// SCRAM-SHA-256 (RFC 7677), computed here: the clear text never travels in SQL and so never reaches a
    /// log of the server.
    private static String verifier(Secret password) {
        return password.reveal(text -> PasswordUtil.encodeScramSha256(text.toCharArray()));
    }

    @Override
    public Held held(RoleName agentRole) throws SQLException {
        var roles = Rows.read(
                administrator,
                Sql.resource("member-of.sql"),
                query -> query.setString(1, agentRole.value()),
                row -> new RoleName(row.getString("role")));
        return new Held(target.agentUrls(), Set.copyOf(roles));
    }

    @Override
    public Proof prove(String url, RoleName login, Secret password, RoleName agentRole) {
        var properties = PostgresEngine.properties(target.as(login.value(), password));
        properties.setProperty("socketTimeout", Long.toString(SILENCE.toSeconds()));
        // No settings: a pooler need not take them, the one statement names all that it uses, and each costs a new
        // session more than that does.
        properties.remove("options");
        try (var session = DriverManager.getConnection(url, properties)) {
            return look(session, login, agentRole);
        } catch (SQLException refused) {
            return new Proof.Disproved(String.valueOf(refused.getMessage()), PostgresErrors.verdict(refused));
        }
    }

    private Proof look(Connection session, RoleName login, RoleName agentRole) throws SQLException {
        try (var statement = session.prepareStatement(Sql.resource("proof.sql"))) {
            statement.setString(1, agentRole.value());
            try (var row = statement.executeQuery()) {
                row.next();
                if (!login.value().equals(row.getString("login"))) {
                    return new Proof.Disproved("the server calls it " + row.getString("login"));
                }
                if (!database.equals(row.getString("database_name"))) {
                    return new Proof.Disproved(
                            "it landed in database " + row.getString("database_name") + " and not in " + database);
                }
                if (!row.getBoolean("member")) {
                    return new Proof.Disproved("it does not have the power of " + agentRole);
                }
                return row.getBoolean("superuser") ? new Proof.Disproved("it is a superuser") : new Proof.Proven();
            }
        }
    }

    /// With `post_auth_delay`, which any client may ask for as it connects, a session of a login that is closed by
    /// now appears up to 35 minutes later; until then no view tells whose it is.
    @Override
    public void disempower(Collection<RoleName> logins) throws SQLException {
        var powers = powers(logins);
        if (powers.isEmpty()) {
            return;
        }
        try {
            roles().run(String.join("; ", powers.values()));
        } catch (SQLException failed) {
            if (administrator.isClosed()) {
                throw failed;
            }
            disempowerEach(powers);
        }
    }

    /// One that is gone, or that somebody else holds, must not save the others.
    private void disempowerEach(Map<RoleName, String> powers) throws SQLException {
        var refused = new TreeMap<RoleName, SQLException>();
        for (var power : powers.entrySet()) {
            try {
                roles().whileThere(power.getKey(), () -> {
                    roles().run(power.getValue());
                    return power;
                });
            } catch (SQLException failed) {
                refused.put(power.getKey(), failed);
            }
        }
        if (!refused.isEmpty()) {
            var first = named(refused.firstEntry().getValue());
            var logins = refused.keySet().stream().map(RoleName::value).collect(Collectors.joining(", "));
            throw new SQLException(logins + ": " + first.getMessage(), first.getSQLState(), first);
        }
    }

    private Map<RoleName, String> powers(Collection<RoleName> logins) throws SQLException {
        try (var statement = administrator.prepareStatement(Sql.resource("powers.sql"))) {
            statement.setArray(1, roles().names(logins));
            try (var row = statement.executeQuery()) {
                var powers = new TreeMap<RoleName, String>();
                while (row.next()) {
                    powers.put(new RoleName(row.getString("login")), row.getString("taking"));
                }
                return powers;
            }
        }
    }

    /// The guard asks the server itself whether a login is closed.
    @Override
    public void disarm(Collection<RoleName> logins, Instant at) {}

    @Override
    public List<PreparedTransaction> preparedTransactions() throws SQLException {
        return PreparedTransactions.read(administrator).stream()
                .map(PreparedTransactions.Prepared::told)
                .toList();
    }

    @Override
    public void dropLogin(RoleName login) throws SQLException {
        roles().whileThere(login, () -> {
            drop(login);
            return login;
        });
    }

    private void drop(RoleName login) throws SQLException {
        var mark = roles().mark(login);
        if (mark.isEmpty()) {
            return;
        }
        if (!(Mark.parse(mark.get()).map(Mark::kind).orElse(null) instanceof Mark.Kind.LeaseLogin)) {
            throw Failure.refused(
                    Problem.of("role " + login + " carries no mark of a lease, so agentroles will not drop it")
                            .remedy("drop it by hand if it is not needed"));
        }
        change().insist(login, "ALTER ROLE " + Sql.identifier(login) + " NOLOGIN");
        open().end(login);
        if (dependedOn(login).isEmpty()) {
            return;
        }
        disempower(Set.of(login));
        if (!owns(login)) {
            disown(login);
        }
        var inTheWay = dependedOn(login);
        if (inTheWay.isPresent()) {
            throw Failure.error(inTheWay(login, inTheWay.get()));
        }
    }

    /// @return what keeps it from being dropped, if something does
    private Optional<SQLException> dependedOn(RoleName login) throws SQLException {
        try {
            change().insist(login, "DROP ROLE " + Sql.identifier(login));
            return Optional.empty();
        } catch (SQLException failed) {
            if (SqlStates.DEPENDENT_OBJECTS_STILL_EXIST.equals(failed.getSQLState())) {
                return Optional.of(failed);
            }
            throw failed;
        }
    }

    private boolean owns(RoleName login) throws SQLException {
        try (var statement = administrator.prepareStatement(Sql.resource("owns.sql"))) {
            statement.setString(1, login.value());
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /// What it would give on objects that it makes later (ALTER DEFAULT PRIVILEGES) means nothing without it.
    /// Nobody needs to decide about that, and nobody could give it away.
    private void disown(RoleName login) throws SQLException {
        try (var _ = open().power(Set.of(login))) {
            roles().run(Sql.disown(login));
        }
    }

    @Override
    public int release(RoleName login) throws SQLException {
        return change().release(login);
    }

    @Override
    public SQLException named(SQLException failed) throws SQLException {
        return new LockHolders(administrator).named(failed);
    }

    private Roles roles() {
        return new Roles(administrator);
    }

    private LoginSessions open() {
        return new LoginSessions(roles(), membershipOptions);
    }

    private LoginChange change() {
        return new LoginChange(roles(), open(), new LockHolders(administrator));
    }

    /// What an owner must decide about is left to people; a privilege alone only has to be revoked.
    private Problem inTheWay(RoleName login, SQLException failed) throws SQLException {
        var problem = Problem.of("login " + login + " cannot be dropped, because objects depend on it: "
                + PostgresErrors.dependents(failed));
        var owning = owning(login);
        if (owning.isEmpty()) {
            return problem.remedy(
                    "it can no longer log in; it owns nothing and was granted something: as a superuser, in"
                            + " that database, run DROP OWNED BY " + Sql.identifier(login)
                            + ", and REVOKE after SET ROLE to who gave it what that leaves, then agentroles reap");
        }
        var elsewhere = owning.stream().filter(place -> !place.equals(database)).toList();
        return problem.remedy("it can no longer log in; give away or drop what it owns, then run agentroles reap"
                + (elsewhere.isEmpty() ? "" : "; " + naming(login, elsewhere)));
    }

    /// A server names objects in the database of the session only.
    private static String naming(RoleName login, List<String> databases) {
        return "a session in database " + String.join(", ", databases) + " names it: SELECT"
                + " pg_describe_object(classid, objid, objsubid) FROM pg_shdepend WHERE refobjid = "
                + Sql.literal(Sql.identifier(login))
                + "::regrole AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())"
                + "; and REASSIGN OWNED BY " + Sql.identifier(login) + " TO its new owner gives it away";
    }

    /// In which databases of the server it owns something.
    private List<String> owning(RoleName login) throws SQLException {
        try (var statement = administrator.prepareStatement(Sql.resource("owning.sql"))) {
            statement.setString(1, login.value());
            try (var row = statement.executeQuery()) {
                var databases = new ArrayList<String>();
                while (row.next()) {
                    databases.add(row.getString("database_name"));
                }
                return List.copyOf(databases);
            }
        }
    }

    /// Before this the ledger's transaction has taken the turn that other runs wait for.
    @Override
    public List<String> expireLogins(Map<RoleName, Instant> ends) throws SQLException {
        return change().waiting(
                        AT_ONCE,
                        ends.entrySet().stream()
                                .map(end -> "ALTER ROLE %s VALID UNTIL %s"
                                        .formatted(Sql.identifier(end.getKey()), literal(end.getValue())))
                                .toList());
    }

    @Override
    public List<String> closeLogins(Collection<RoleName> logins, Instant at) throws SQLException {
        return change().waiting(
                        LoginChange.MOMENT,
                        logins.stream().map(login -> closing(login, at)).toList());
    }

    @Override
    public List<String> forceClosed(RoleName login, Instant at) throws SQLException {
        return change().waiting(LoginChange.MOMENT, change().against(login, closing(login, at)));
    }

    @Override
    public List<String> locking(RoleName login) {
        return List.of("ALTER ROLE %s NOLOGIN".formatted(Sql.identifier(login)));
    }

    /// A role that holds or owns something cannot be dropped, and only a session in the same database can take
    /// that from it.
    @Override
    public Remains remains(Collection<RoleName> roles) throws SQLException {
        var databases = Rows.read(
                administrator,
                Sql.resource("places.sql"),
                query -> query.setArray(1, roles().names(roles)),
                row -> row.getString("database_name"));
        var names = roles.stream().sorted().map(Sql::identifier).collect(Collectors.joining(", "));
        var dropping = new ArrayList<String>();
        if (databases.contains(database)) {
            dropping.addAll(emptying(names));
        }
        dropping.add("DROP ROLE " + names);
        return new Remains(Optional.of(databases), dropping);
    }

    /// DROP OWNED takes back what the owner of an object gave, or who runs it: a superuser runs it as both.
    private List<String> emptying(String names) {
        var ours = Sql.identifier(new RoleName(target.username()));
        return List.of(
                "GRANT %s TO %s%s".formatted(names, ours, membershipOptions ? " WITH INHERIT TRUE" : ""),
                "SET ROLE " + ours,
                "DROP OWNED BY " + names,
                "RESET ROLE",
                "DROP OWNED BY " + names);
    }

    private static String closing(RoleName login, Instant at) {
        return "ALTER ROLE %s NOLOGIN VALID UNTIL %s".formatted(Sql.identifier(login), literal(at));
    }

    private static String literal(Instant at) {
        return Sql.literal(at.truncatedTo(ChronoUnit.MICROS).toString());
    }

    @Override
    public Set<RoleName> working(Collection<RoleName> logins) throws SQLException {
        return named("working.sql", logins);
    }

    @Override
    public Set<RoleName> unexpired(Collection<RoleName> logins) throws SQLException {
        return named("unexpired.sql", logins);
    }

    private Set<RoleName> named(String resource, Collection<RoleName> logins) throws SQLException {
        return Set.copyOf(Rows.read(
                administrator,
                Sql.resource(resource),
                query -> query.setArray(1, roles().names(logins)),
                row -> new RoleName(row.getString("rolname"))));
    }

    @Override
    public Map<RoleName, Integer> sessions(Collection<RoleName> logins) throws SQLException {
        return open().open(logins);
    }

    @Override
    public int endSessions(Collection<RoleName> logins, Instant startedBefore) throws SQLException {
        return open().end(logins, startedBefore);
    }

    @Override
    public StopMarks stopMarks(String environment, String database) throws SQLException {
        return new StoppedRoles(administrator, environment, database).read();
    }

    @Override
    public void markStopped(String environment, String database, Optional<String> agent, Instant at)
            throws SQLException {
        alter(new StoppedRoles(administrator, environment, database).mark(agent, at.truncatedTo(ChronoUnit.MICROS)));
    }

    @Override
    public void unmarkStopped(String environment, String database, Optional<String> agent) throws SQLException {
        alter(new StoppedRoles(administrator, environment, database).unmark(agent));
    }

    private void alter(List<StoppedRoles.Alteration> alterations) throws SQLException {
        for (var alteration : alterations) {
            change().insist(alteration.role(), alteration.sql());
        }
    }

    @Override
    public List<LeaseLogin> leaseLogins(String environment, String database) throws SQLException {
        try (var statement = administrator.prepareStatement(Sql.resource("lease-logins.sql"))) {
            statement.setString(1, Naming.prefix(database));
            try (var row = statement.executeQuery()) {
                var logins = new ArrayList<LeaseLogin>();
                while (row.next()) {
                    var expires = Optional.ofNullable(row.getObject("expires_at", OffsetDateTime.class))
                            .map(OffsetDateTime::toInstant);
                    var login = new RoleName(row.getString("rolname"));
                    boolean enabled = row.getBoolean("enabled");
                    var connections = Rows.number(row, "connections");
                    Optional.ofNullable(row.getString("mark"))
                            .flatMap(Mark::parse)
                            .filter(mark -> mark.environment().equals(environment)
                                    && mark.database().equals(database))
                            .map(Mark::kind)
                            .ifPresent(kind -> {
                                if (kind instanceof Mark.Kind.LeaseLogin(var agent, var lease)) {
                                    logins.add(new LeaseLogin(login, agent, lease, enabled, expires, connections));
                                }
                            });
                }
                return List.copyOf(logins);
            }
        }
    }
}
