package dev.agentroles.engine.postgres;

import dev.agentroles.access.Lease;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Naming;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Secret;
import dev.agentroles.engine.LeaseLogin;
import dev.agentroles.engine.Logins;
import dev.agentroles.engine.Target;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postgresql.util.PasswordUtil;

/// Leases on PostgreSQL: a LOGIN role that is a member of one agent role, and expires by VALID UNTIL.
///
/// @param administrator the session that makes and drops them
/// @param target the database as the administrator reaches it; a proof goes the same way
/// @param database as the server calls it
/// @param membershipOptions whether what a membership gives is said with the membership: PostgreSQL 16 and later
record PostgresLogins(Connection administrator, Target target, String database, boolean membershipOptions)
        implements Logins {
    private static final Duration SILENCE = Duration.ofSeconds(15);

    @Override
    public List<String> createLogin(Lease lease, LoginTerms terms, Secret password) throws SQLException {
        var login = Sql.identifier(lease.login());
        var statements = new ArrayList<String>();
        statements.add("CREATE ROLE %s LOGIN INHERIT CONNECTION LIMIT %d PASSWORD %s VALID UNTIL %s"
                .formatted(
                        login,
                        terms.connections(),
                        Sql.literal(verifier(password)),
                        Sql.literal(
                                lease.expiresAt().truncatedTo(ChronoUnit.MICROS).toString())));
        // Before the membership: since PostgreSQL 16 each change of memberships makes the server work out anew what
        // the administrator is admin of, which takes the longer the more roles it has made.
        statements.add("COMMENT ON ROLE %s IS %s".formatted(login, Sql.literal(terms.mark())));
        // Without SET the login has the agent's power and cannot become the agent: it cannot change settings of the
        // agent role, nor own what outlives it. PostgreSQL 15 knows no membership without SET.
        statements.add("GRANT %s TO %s%s"
                .formatted(
                        Sql.identifier(terms.agentRole()),
                        login,
                        membershipOptions ? " WITH INHERIT TRUE, SET FALSE" : ""));
        SessionSettings.of(terms.bounds())
                .forEach((name, value) -> statements.add(
                        "ALTER ROLE %s SET %s TO %s".formatted(login, Sql.parameter(name), Sql.literal(value))));
        return List.copyOf(statements);
    }

    /// SCRAM-SHA-256 (RFC 7677), computed here: the clear text never travels in SQL and so never reaches a log of the
    /// server.
    private static String verifier(Secret password) {
        return password.reveal(text -> PasswordUtil.encodeScramSha256(text.toCharArray()));
    }

    @Override
    public Proof prove(RoleName login, Secret password, RoleName agentRole) {
        var properties = PostgresEngine.properties(target.as(login.value(), password));
        properties.setProperty("socketTimeout", Long.toString(SILENCE.toSeconds()));
        try (var session = DriverManager.getConnection(target.url(), properties)) {
            return look(session, login, agentRole);
        } catch (SQLException refused) {
            return new Proof.Disproved(String.valueOf(refused.getMessage()));
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

    @Override
    public void dropLogin(RoleName login) throws SQLException {
        var mark = mark(login);
        if (mark.isEmpty()) {
            return;
        }
        if (!(Mark.parse(mark.get()).map(Mark::kind).orElse(null) instanceof Mark.Kind.LeaseLogin)) {
            throw Failure.refused(
                    Problem.of("role " + login + " carries no mark of a lease, so agentroles will not drop it")
                            .remedy("drop it by hand if it is not needed"));
        }
        try (var statement = administrator.createStatement()) {
            statement.execute("ALTER ROLE " + Sql.identifier(login) + " NOLOGIN");
            endSessions(login);
            statement.execute("DROP ROLE " + Sql.identifier(login));
        }
    }

    /// The mark of a role, "" if it has none; empty if there is no such role.
    private Optional<String> mark(RoleName role) throws SQLException {
        try (var statement = administrator.prepareStatement(Sql.resource("mark.sql"))) {
            statement.setString(1, role.value());
            try (var row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(Optional.ofNullable(row.getString("mark")).orElse(""))
                        : Optional.empty();
            }
        }
    }

    /// Manual, 9.28.2: ending a session needs the power of its role. Whoever made the role may give that to itself; the
    /// membership goes with the role.
    private void endSessions(RoleName login) throws SQLException {
        if (sessions(login) == 0) {
            return;
        }
        try (var statement = administrator.createStatement()) {
            statement.execute("GRANT %s TO CURRENT_USER%s"
                    .formatted(Sql.identifier(login), membershipOptions ? " WITH INHERIT TRUE" : ""));
        }
        try (var statement = administrator.prepareStatement(Sql.resource("end-sessions.sql"))) {
            statement.setString(1, login.value());
            statement.execute();
        }
    }

    private long sessions(RoleName login) throws SQLException {
        try (var statement = administrator.prepareStatement(Sql.resource("sessions.sql"))) {
            statement.setString(1, login.value());
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
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
                    Optional.ofNullable(row.getString("mark"))
                            .flatMap(Mark::parse)
                            .filter(mark -> mark.environment().equals(environment)
                                    && mark.database().equals(database))
                            .map(Mark::kind)
                            .ifPresent(kind -> {
                                if (kind instanceof Mark.Kind.LeaseLogin(var agent, var lease)) {
                                    logins.add(new LeaseLogin(login, agent, lease, expires));
                                }
                            });
                }
                return List.copyOf(logins);
            }
        }
    }
}
