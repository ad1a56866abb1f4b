package dev.agentroles.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.access.Lease;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Secret;
import dev.agentroles.engine.LeaseLogin;
import dev.agentroles.engine.Logins;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import dev.agentroles.ledger.Actor;
import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.ledger.StoppedBy;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

@OnEachPostgreSql
final class IssuerTest {
    private final PostgreSql server;

    @AutoClose
    private final Shop shop;

    IssuerTest(PostgreSql server) throws SQLException {
        this.server = server;
        this.shop = new Shop(server);
    }

    @Test
    void whatIsPublishedLogsInWithThePowerOfTheAgentAndNoMore() throws SQLException {
        try (var session = shop.connect()) {
            session.issuer(shop.store).issue(shop.order());
        }

        try (var agent = shop.logInAsPublished(Shop.AGENT);
                var statement = agent.createStatement()) {
            try (var row = statement.executeQuery("SELECT id FROM app.orders")) {
                assertThat(row.next()).isTrue();
            }
            assertThatThrownBy(() -> statement.execute("UPDATE app.orders SET id = 2"))
                    .hasMessageContaining("permission denied for table orders");
            assertThatThrownBy(() -> statement.execute("SELECT * FROM agentroles.lease"))
                    .hasMessageContaining("permission denied for schema agentroles");
        }
    }

    @Test
    void theLoginIsBoundedMarkedAndInTheLedger() throws SQLException {
        Lease lease;
        try (var session = shop.connect()) {
            lease = Shop.issued(session.issuer(shop.store).issue(shop.order()));
        }

        assertThat(shop.database.query("""
                SELECT concat_ws(' ', rolname, rolcanlogin, rolinherit, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls,
                                 rolconnlimit, rolvaliduntil = '%s', shobj_description(oid, 'pg_authid'), rolconfig)
                FROM pg_roles WHERE rolname = '%s'""".formatted(lease.expiresAt(), lease.login())))
                .containsExactly("%s t t f f f f 3 t %s {statement_timeout=5000}"
                        .formatted(lease.login(), Shop.markText(shop.database.name(), Shop.AGENT, lease.login())));
        assertThat(lease.storeVersion()).contains(1L);
        assertThat(shop.states()).containsExactly("support-bot PUBLISHED");
        try (var session = shop.connect()) {
            assertThat(session.ledger().leases().open())
                    .singleElement()
                    .satisfies(row -> assertThat(row.lease()).isEqualTo(lease));
            assertThat(session.standing(shop, Shop.AGENT))
                    .isInstanceOfSatisfying(
                            Standing.Live.class,
                            live -> assertThat(live.storeVersion()).isEqualTo(1));
            assertThat(session.ledger().journal().firstBreak()).isEmpty();
        }
        assertThat(shop.database.query("SELECT action || ' ' || outcome FROM agentroles.journal ORDER BY seq"))
                .containsExactly("issue done", "publish begun", "publish done");
    }

    @Test
    void onlyTheMembershipsOfPostgreSql15LetTheLoginBecomeTheAgent() throws SQLException {
        try (var session = shop.connect()) {
            session.issuer(shop.store).issue(shop.order());
        }

        try (var agent = shop.logInAsPublished(Shop.AGENT);
                var statement = agent.createStatement()) {
            var become = "SET ROLE \"" + shop.order().agentRole() + '"';
            if (server.major() == 15) {
                statement.execute(become);
            } else {
                assertThatThrownBy(() -> statement.execute(become))
                        .hasMessageContaining("permission denied to set role");
            }
        }
    }

    @Test
    void thePasswordIsInNoLogAndInNoToString() throws SQLException {
        try (var session = shop.connect()) {
            session.issuer(shop.store).issue(shop.order());
        }
        var secret = shop.store.read(shop.path(Shop.AGENT)).held().orElseThrow().secret();
        shop.logInAsPublished(Shop.AGENT).close();

        String clear = secret.password().reveal(text -> text);
        assertThat(clear).matches("[A-Za-z0-9]{32}");
        assertThat(server.log()).contains(secret.username()).doesNotContain(clear);
        assertThat(secret.toString()).doesNotContain(clear);
    }

    @Test
    void rowAndLoginStandOrFallTogether() throws SQLException {
        try (var session = shop.connect()) {
            assertThatThrownBy(() -> session.issuer(shop.store).issue(shop.order("nobody")))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("_nobody\" does not exist");

            assertThat(session.connection().getAutoCommit()).isTrue();
        }
        assertThat(shop.states()).isEmpty();
        assertThat(shop.loginsOnTheServer()).isEmpty();
        assertThat(shop.database.query("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"))
                .containsExactly("0");
    }

    @Test
    void aLoginThatDoesNotProveItselfIsDroppedAndNothingIsPublished() throws SQLException {
        try (var session = shop.connect()) {
            var confused = new WrongPassword(session.server().logins());

            assertThatThrownBy(() -> session.issuer(shop.store, confused, FaultPoints.NONE)
                            .issue(shop.order()))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("did not prove itself on database " + shop.database.name())
                    .hasMessageContaining("password authentication failed for user")
                    .hasMessageContaining("nothing was published and the login is dropped");
        }
        assertThat(shop.loginsOnTheServer()).isEmpty();
        assertThat(shop.states()).containsExactly("support-bot ENDED");
        assertThat(shop.store.read(shop.path(Shop.AGENT)).version()).isZero();
    }

    @Test
    void aLoginThatHasExpiredDoesNotProveItself() throws SQLException {
        try (var session = shop.connect()) {
            var late = shop.order(Shop.AGENT, Duration.ofHours(-1));

            assertThatThrownBy(() -> session.issuer(shop.store).issue(late))
                    .hasMessageContaining("did not prove itself");
        }
        assertThat(shop.loginsOnTheServer()).isEmpty();
    }

    @Test
    void whatWasPublishedFirstIsAdoptedAndOursIsGone() throws SQLException {
        var first = new ArrayList<Lease>();
        var once = new AtomicInteger();
        try (var session = shop.connect();
                var other = shop.connect()) {
            var store = new TroubledStore(shop.store, (real, path, secret, expected, life) -> {
                if (once.getAndIncrement() == 0) {
                    first.add(Shop.issued(unchecked(() -> other.issuer(real).issue(shop.order()))));
                }
                return real.publish(path, secret, expected, life);
            });

            var outcome = session.issuer(store).issue(shop.order());

            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Issuer.Outcome.Adopted.class,
                            adopted -> assertThat(adopted.lease()).isEqualTo(first.getFirst()));
        }
        assertThat(shop.loginsOnTheServer())
                .containsExactly(first.getFirst().login().value());
        assertThat(shop.states()).containsExactlyInAnyOrder("support-bot PUBLISHED", "support-bot ENDED");
        shop.logInAsPublished(Shop.AGENT).close();
    }

    @Test
    void whatWasPublishedFirstAndDoesNotWorkIsReplaced() throws SQLException {
        var once = new AtomicInteger();
        try (var session = shop.connect()) {
            var store = new TroubledStore(shop.store, (real, path, secret, expected, life) -> {
                if (once.getAndIncrement() == 0) {
                    real.publish(path, deadVersionOf(secret), expected, life);
                }
                return real.publish(path, secret, expected, life);
            });

            assertThat(Shop.issued(session.issuer(store).issue(shop.order())).storeVersion())
                    .contains(2L);
        }
        assertThat(shop.loginsOnTheServer()).hasSize(1);
        shop.logInAsPublished(Shop.AGENT).close();
    }

    @Test
    void aStoreThatCannotBeReadLeavesTheDatabaseUntouched() throws SQLException {
        try (var session = shop.connect()) {
            FaultPoints sealed = point -> {
                throw Failure.error(Problem.of("the store is sealed"));
            };

            assertThatThrownBy(() -> session.issuer(shop.store, session.server().logins(), sealed)
                            .issue(shop.order()))
                    .hasMessage("the store is sealed");
        }
        assertThat(shop.states()).isEmpty();
        assertThat(shop.loginsOnTheServer()).isEmpty();
    }

    /// Whether a lease may be issued is asked when it is its turn, and not when it begins to wait.
    @Test
    void whoeverWaitsForItsTurnWhileTheEnvironmentIsFrozenGetsNothing() throws Exception {
        try (var holder = shop.database.superuser();
                var lock = holder.createStatement();
                var stopping = shop.connect();
                var threads = Executors.newSingleThreadExecutor()) {
            holder.setAutoCommit(false);
            lock.execute("LOCK TABLE agentroles.stamp IN SHARE UPDATE EXCLUSIVE MODE");
            var issue = threads.submit(() -> {
                try (var session = shop.connect()) {
                    return session.issuer(shop.store).issue(shop.order());
                }
            });
            shop.database.execute("""
                    DO $$ BEGIN
                      WHILE NOT EXISTS (SELECT FROM pg_locks WHERE NOT granted
                                        AND relation = 'agentroles.stamp'::regclass) LOOP
                        PERFORM pg_sleep(0.005);
                      END LOOP;
                    END $$""");
            var now = Instant.now();
            stopping.ledger()
                    .stops()
                    .freeze(
                            new StoppedBy("tester", now, "incident 42\nsee its page"),
                            new JournalEntry(
                                    now,
                                    new Actor("tester", "tester"),
                                    "freeze",
                                    Optional.empty(),
                                    Optional.empty(),
                                    "begun",
                                    ""));
            holder.commit();

            assertThatThrownBy(issue::get)
                    .hasMessageContaining("no login is issued: the environment is frozen: tester froze it at ")
                    .hasMessageContaining("because: incident 42")
                    .hasMessageContaining("see its page");
        }
        assertThat(shop.loginsOnTheServer()).isEmpty();
        assertThat(shop.states()).isEmpty();
    }

    @Test
    void sixteenAtOnceAllEndWell() throws Exception {
        for (int agent = 1; agent < 4; agent++) {
            shop.agent("bot" + agent);
        }
        var work = IntStream.range(0, 16)
                .mapToObj(i -> (Callable<Issuer.Outcome>) () -> {
                    try (var session = shop.connect()) {
                        var order = i % 4 == 0 ? shop.order() : shop.order("bot" + i % 4);
                        return session.issuer(shop.store).issue(order);
                    }
                })
                .toList();
        try (var threads = Executors.newFixedThreadPool(16)) {
            for (var one : threads.invokeAll(work)) {
                one.get();
            }
        }

        shop.logInAsPublished(Shop.AGENT).close();
        for (int agent = 1; agent < 4; agent++) {
            shop.logInAsPublished("bot" + agent).close();
        }
        assertThat(shop.states()).filteredOn(state -> state.endsWith("ISSUED")).isEmpty();
        try (var session = shop.connect()) {
            assertThat(session.settle(shop)).isEqualTo(Orphans.Settled.NOTHING);
            assertThat(session.ledger().journal().firstBreak()).isEmpty();
        }
    }

    private static LeaseSecret deadVersionOf(LeaseSecret secret) {
        return new LeaseSecret(
                "0dead000",
                secret.environment(),
                secret.database(),
                secret.agent(),
                secret.tier(),
                secret.owner(),
                secret.url(),
                secret.server(),
                "nobody",
                Secret.of("nothing"),
                secret.issuedAt(),
                secret.expiresAt(),
                secret.digest());
    }

    private static <T> T unchecked(Callable<T> call) {
        try {
            return call.call();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    /// Makes logins whose password is not the one it was told.
    private record WrongPassword(Logins real) implements Logins {
        @Override
        public Remains remains(Collection<RoleName> roles) throws SQLException {
            return real.remains(roles);
        }

        @Override
        public List<String> createLogin(Lease lease, LoginTerms terms, Secret password) throws SQLException {
            return real.createLogin(lease, terms, Secret.of("something else"));
        }

        @Override
        public Held held(RoleName agentRole) throws SQLException {
            return real.held(agentRole);
        }

        @Override
        public Proof prove(String url, RoleName login, Secret password, RoleName agentRole) {
            return real.prove(url, login, password, agentRole);
        }

        @Override
        public List<String> expireLogins(Map<RoleName, Instant> ends) throws SQLException {
            return real.expireLogins(ends);
        }

        @Override
        public int release(RoleName login) throws SQLException {
            return real.release(login);
        }

        @Override
        public List<String> closeLogins(Collection<RoleName> logins, Instant at) throws SQLException {
            return real.closeLogins(logins, at);
        }

        @Override
        public List<String> locking(RoleName login) throws SQLException {
            return real.locking(login);
        }

        @Override
        public Set<RoleName> working(Collection<RoleName> logins) throws SQLException {
            return real.working(logins);
        }

        @Override
        public Set<RoleName> unexpired(Collection<RoleName> logins) throws SQLException {
            return real.unexpired(logins);
        }

        @Override
        public Map<RoleName, Integer> sessions(Collection<RoleName> logins) throws SQLException {
            return real.sessions(logins);
        }

        @Override
        public int endSessions(Collection<RoleName> logins, Instant startedBefore) throws SQLException {
            return real.endSessions(logins, startedBefore);
        }

        @Override
        public void disempower(Collection<RoleName> logins) throws SQLException {
            real.disempower(logins);
        }

        @Override
        public void disarm(Collection<RoleName> logins, Instant at) throws SQLException {
            real.disarm(logins, at);
        }

        @Override
        public List<PreparedTransaction> preparedTransactions() throws SQLException {
            return real.preparedTransactions();
        }

        @Override
        public void dropLogin(RoleName login) throws SQLException {
            real.dropLogin(login);
        }

        @Override
        public List<LeaseLogin> leaseLogins(String environment, String database) throws SQLException {
            return real.leaseLogins(environment, database);
        }
    }
}
