package dev.agentroles.bench;

import dev.agentroles.access.Lease;
import dev.agentroles.access.Naming;
import dev.agentroles.access.SessionBounds;
import dev.agentroles.credential.Mint;
import dev.agentroles.engine.Logins;
import dev.agentroles.engine.Server;
import dev.agentroles.engine.postgres.PostgresEngine;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.PostgreSql;
import dev.agentroles.ledger.Actor;
import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.ledger.Ledger;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.util.PasswordUtil;

/// What the database's part of a lease costs (ledger row, login with its verifier, membership, mark,
/// journal), against the bare CREATE ROLE; and whether issuing or ending one grows with the number of tables.
/// Both have run [#WARM] times before, so that what is compared are the statements and not the code of a
/// JVM that has just started.
final class LeaseBench {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final int ROUNDS = 61;
    private static final int WARM = 150;

    private LeaseBench() {}

    public static void main(String[] arguments) throws Exception {
        var server = PostgreSql.newest();
        try (var few = new Ground(server, 100);
                var many = new Ground(server, 10_000)) {
            few.warm();
            many.prepare(2 * (ROUNDS + 1));
            few.prepare(2 * (ROUNDS + 1));
            new Bench("Leases on " + server + ", " + ROUNDS + " rounds")
                    .compare(
                            "issue a lease, 100 tables",
                            "CREATE ROLE ... PASSWORD verifier IN ROLE",
                            1.5,
                            ROUNDS,
                            few::createBareRole,
                            few::issue)
                    .compare(
                            "issue a lease, 10,000 tables",
                            "CREATE ROLE ... PASSWORD verifier IN ROLE",
                            1.5,
                            ROUNDS,
                            many::createBareRole,
                            many::issue)
                    .compare("issue: 10,000 tables", "100 tables", 1.2, ROUNDS, few::issue, many::issue)
                    .compare("end: 10,000 tables", "100 tables", 1.2, ROUNDS, few::end, many::end)
                    .report();
        }
        // The server is the harness's, which ends it with the JVM.
    }

    /// A database with a ledger, an agent role that may read every table, and one administrator's session.
    private static final class Ground implements AutoCloseable {
        private final Database database;
        private final Login administrator;
        private final Server session;
        private final Ledger ledger;
        private final Mint mint = new Mint(new SecureRandom());
        private final AtomicInteger bare = new AtomicInteger();
        private final ArrayDeque<Prepared> prepared = new ArrayDeque<>();
        private final ArrayDeque<Lease> issued = new ArrayDeque<>();

        Ground(PostgreSql server, int tables) throws SQLException {
            database = server.createDatabase();
            database.execute("CREATE SCHEMA app", """
                    DO $$ BEGIN
                      FOR i IN 1..%d LOOP EXECUTE format('CREATE TABLE app.t%%s (id int)', i); END LOOP;
                    END $$""".formatted(tables));
            administrator = database.administratorWithGrantOptions("app");
            session = new PostgresEngine().connect(database.target(administrator));
            ledger = Ledger.on(session.connection(), "postgresql");
            ledger.migrate();
            run("CREATE ROLE \"" + agentRole() + "\"");
            run("GRANT SELECT ON ALL TABLES IN SCHEMA app TO \"" + agentRole() + "\"");
        }

        private String agentRole() {
            return Naming.agentRole(database.name(), "bot").value();
        }

        private void run(String sql) throws SQLException {
            try (Statement statement = session.connection().createStatement()) {
                statement.execute(sql);
            }
        }

        void createBareRole() throws SQLException {
            run("CREATE ROLE \"%s\" LOGIN PASSWORD '%s' VALID UNTIL '2100-01-01' IN ROLE \"%s\""
                    .formatted(database.role("bare" + bare.incrementAndGet()), VERIFIER, agentRole()));
        }

        private static final String VERIFIER = PasswordUtil.encodeScramSha256("benchmark".toCharArray());

        /// Makes verifiers ready, as the floor has its own ready: the driver computes it in a millisecond on
        /// a warm JVM, and in more than the server takes for all the rest on a cold one.
        void prepare(int leases) throws SQLException {
            for (int i = 0; i < leases; i++) {
                prepared.add(prepare());
            }
        }

        /// Leaves nothing behind.
        void warm() throws SQLException {
            for (int i = 0; i < WARM; i++) {
                createBareRole();
                run("DROP ROLE \"%s\"".formatted(database.role("bare" + bare.get())));
                prepared.add(prepare());
                issue();
                end();
            }
        }

        private Prepared prepare() throws SQLException {
            var id = mint.lease();
            var now = CLOCK.instant();
            var login = Naming.leaseLogin(database.name(), "bot", id);
            var lease = new Lease(
                    id,
                    "bot",
                    login,
                    Lease.State.ISSUED,
                    now,
                    now.plus(Duration.ofHours(1)),
                    "digest",
                    Optional.empty());
            var terms = new Logins.LoginTerms(
                    Naming.agentRole(database.name(), "bot"),
                    "agentroles environment=bench database=%s agent=bot lease=%s".formatted(database.name(), id),
                    5,
                    SessionBounds.NONE);
            return new Prepared(lease, session.logins().createLogin(lease, terms, mint.password()));
        }

        void issue() throws SQLException {
            var next = prepared.remove();
            ledger.leases()
                    .issue(
                            new LeaseRow(next.lease(), LeaseRow.Purpose.AGENT, "agents/bench/bot"),
                            next.login(),
                            List.of(),
                            entry(next.lease(), "issue"),
                            List.of(entry(next.lease(), "publish")));
            issued.add(next.lease());
        }

        private record Prepared(Lease lease, List<String> login) {}

        void end() throws SQLException {
            var lease = issued.remove();
            session.logins().dropLogin(lease.login());
            ledger.leases().ended(lease.id(), CLOCK.instant(), entry(lease, "end"));
        }

        private JournalEntry entry(Lease lease, String action) {
            return new JournalEntry(
                    CLOCK.instant(),
                    new Actor(administrator.username(), "bench"),
                    action,
                    Optional.of("bot"),
                    Optional.of(lease.id()),
                    "done",
                    "");
        }

        @Override
        public void close() throws SQLException {
            session.close();
            database.close();
        }
    }
}
