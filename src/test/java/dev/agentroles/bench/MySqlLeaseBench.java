package dev.agentroles.bench;

import dev.agentroles.access.Lease;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Naming;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.SessionBounds;
import dev.agentroles.credential.Mint;
import dev.agentroles.engine.Logins;
import dev.agentroles.engine.Server;
import dev.agentroles.engine.mysql.MySqlEngine;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.MySqlDatabase;
import dev.agentroles.ledger.Actor;
import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.ledger.Ledger;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/// What the server's part of a lease costs on MySQL and MariaDB (ledger row, journal, account with its
/// verifier, role, default role, mark), against the bare statements that make such an account.
final class MySqlLeaseBench {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final int ROUNDS = 101;

    private final MySqlDatabase database;
    private final String administrator;
    private final Server session;
    private final Ledger ledger;
    private final RoleName agentRole;
    private final Mint mint = new Mint(new SecureRandom());
    private final ArrayDeque<Prepared> prepared = new ArrayDeque<>();
    private final ArrayDeque<Prepared> spare = new ArrayDeque<>();

    /// @param login the statements that make it
    private record Prepared(Lease lease, List<String> login) {}

    private MySqlLeaseBench(MySqlDatabase database, String administrator, Server session) throws SQLException {
        this.database = database;
        this.administrator = administrator;
        this.session = session;
        ledger = Ledger.on(session.connection(), "mysql");
        ledger.migrate();
        agentRole = Naming.agentRole(database.name(), "bot");
        run(List.of("CREATE ROLE `" + agentRole + "`"));
        for (int lease = 0; lease <= 2 * ROUNDS + 1; lease++) {
            prepared.add(prepare());
            spare.add(prepare());
        }
    }

    public static void main(String[] arguments) throws Exception {
        var bench = new Bench("Leases, " + ROUNDS + " rounds");
        for (var server : MySql.newest()) {
            measure(bench, server, server.toString());
            if (server.mariadb()) {
                // MySQL has one unless told otherwise; whoever replicates MariaDB or backs it up has, too.
                measure(bench, server.with("--log-bin=log", "--server-id=1"), server + " with a binary log");
            }
        }
        bench.report();
        // The servers are the harness's, which ends them with the JVM.
    }

    private static void measure(Bench bench, MySql server, String name) throws Exception {
        var engine = server.mariadb() ? MySqlEngine.mariadb() : MySqlEngine.mysql(new SecureRandom());
        try (var database = server.createDatabase()) {
            // As a server in production has it: a commit waits for the disk.
            database.execute(
                    "SET GLOBAL general_log = OFF",
                    "SET GLOBAL innodb_flush_log_at_trx_commit = 1",
                    "SET GLOBAL sync_binlog = 1");
            var administrator = database.administrator();
            try (var session = engine.connect(database.target(administrator))) {
                var ground = new MySqlLeaseBench(database, administrator.username(), session);
                bench.compare(
                        name + ": issue a lease",
                        "CREATE USER, GRANT its role, SET DEFAULT ROLE",
                        1.5,
                        ROUNDS,
                        () -> ground.run(ground.bare(server.mariadb())),
                        ground::issue);
                // A login that is not on record before it is there could be lost sight of by a crash.
                database.execute("CREATE TABLE %s.record (id varchar(64) PRIMARY KEY) ENGINE = InnoDB"
                        .formatted(database.name()));
                bench.compare(
                        name + ": the same, over one durable row",
                        "INSERT of a row, CREATE USER, GRANT its role, SET DEFAULT ROLE",
                        1.5,
                        ROUNDS,
                        () -> {
                            ground.record(database.name());
                            ground.run(ground.bare(server.mariadb()));
                        },
                        ground::issue);
            }
        }
    }

    private void run(List<String> statements) throws SQLException {
        try (var statement = session.connection().createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private void record(String schema) throws SQLException {
        run(List.of("INSERT INTO %s.record VALUES ('%s')".formatted(schema, mint.lease())));
    }

    /// Its verifier is ready: thousands of rounds of a hash are no part of what is compared.
    private Prepared prepare() throws SQLException {
        var id = mint.lease();
        var now = CLOCK.instant();
        var lease = new Lease(
                id,
                "bot",
                Naming.leaseLogin(database.name(), "bot", id),
                Lease.State.ISSUED,
                now,
                now.plus(Duration.ofHours(1)),
                "digest",
                Optional.empty());
        var mark = new Mark("bench", database.name(), new Mark.Kind.LeaseLogin("bot", id));
        var terms = new Logins.LoginTerms(agentRole, mark.text(), 5, SessionBounds.NONE);
        return new Prepared(lease, session.logins().createLogin(lease, terms, mint.password()));
    }

    /// What MySQL can say in one statement is said in three, as everybody else says it.
    private List<String> bare(boolean mariadb) {
        var next = spare.remove();
        var account = "'%s'@'%%'".formatted(next.lease().login());
        return mariadb
                ? next.login()
                : List.of(
                        next.login().getFirst().replaceFirst(" DEFAULT ROLE .*", ""),
                        "GRANT `%s` TO %s".formatted(agentRole, account),
                        "SET DEFAULT ROLE `%s` TO %s".formatted(agentRole, account));
    }

    private void issue() throws SQLException {
        var next = prepared.remove();
        var lease = next.lease();
        ledger.leases()
                .issue(
                        new LeaseRow(lease, LeaseRow.Purpose.AGENT, "agents/bench/bot"),
                        next.login(),
                        List.of(),
                        entry(lease, "issue", "done"),
                        List.of(entry(lease, "publish", "begun")));
    }

    private JournalEntry entry(Lease lease, String action, String outcome) {
        return new JournalEntry(
                CLOCK.instant(),
                new Actor(administrator, "bench"),
                action,
                Optional.of("bot"),
                Optional.of(lease.id()),
                outcome,
                "");
    }
}
