package dev.agentroles.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.access.Lease;
import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A run dies at each step, and the next one finds its way. Here a death is an error that nobody catches and
/// a session that ends; after each, what is published works and nothing is left behind.
@OnEachPostgreSql
final class CrashTest {
    @AutoClose
    private final Shop shop;

    CrashTest(PostgreSql server) throws SQLException {
        this.shop = new Shop(server);
    }

    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private static FaultPoints dyingAt(Point deadly) {
        return point -> {
            if (point == deadly) {
                throw new Killed();
            }
        };
    }

    @ParameterizedTest
    @EnumSource(
            value = Point.class,
            names = {"STORE_READ", "LOGIN_ISSUED", "LOGIN_PROVEN", "SECRET_PUBLISHED", "PUBLICATION_RECORDED"})
    void whatDiesWhileIssuingTheFirstLease(Point deadly) throws SQLException {
        dieWhileIssuing(deadly);

        converge();

        everythingIsInOrder();
        assertThat(shop.loginsOnTheServer()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Point.class,
            names = {"STORE_READ", "LOGIN_ISSUED", "LOGIN_PROVEN", "SECRET_PUBLISHED", "PUBLICATION_RECORDED"})
    void whatDiesWhileReplacingALease(Point deadly) throws SQLException {
        issue();

        dieWhileIssuing(deadly);
        shop.logInAsPublished(Shop.AGENT).close();
        converge();

        everythingIsInOrder();
    }

    @ParameterizedTest
    @EnumSource(
            value = Point.class,
            names = {"LOGIN_DROPPED", "END_RECORDED"})
    void whatDiesWhileEndingALoginThatWasSuperseded(Point deadly) throws SQLException {
        var once = new AtomicInteger();
        try (var session = shop.connect();
                var other = shop.connect()) {
            var store = new TroubledStore(shop.store, (real, path, secret, expected, life) -> {
                if (once.getAndIncrement() == 0) {
                    issueWith(other);
                }
                return real.publish(path, secret, expected, life);
            });
            assertThatThrownBy(() -> session.issuer(store, session.server().logins(), dyingAt(deadly))
                            .issue(shop.order()))
                    .isInstanceOf(Killed.class);
        }

        converge();

        everythingIsInOrder();
        assertThat(shop.loginsOnTheServer()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Point.class,
            names = {"STORE_READ", "LOGIN_DROPPED", "END_RECORDED"})
    void whatDiesWhileDroppingAnOrphan(Point deadly) throws SQLException {
        dieWhileIssuing(Point.LOGIN_PROVEN);

        dieWhileSettling(deadly);
        converge();

        everythingIsInOrder();
        assertThat(shop.loginsOnTheServer()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Point.class,
            names = {"STORE_READ", "PUBLICATION_RECORDED"})
    void whatDiesWhileAdoptingAPublication(Point deadly) throws SQLException {
        dieWhileIssuing(Point.SECRET_PUBLISHED);

        dieWhileSettling(deadly);
        converge();

        everythingIsInOrder();
        assertThat(shop.states()).containsExactly("support-bot PUBLISHED");
    }

    @Test
    void aPublicationThatNobodyRecordedIsAdoptedAndNotIssuedAgain() throws SQLException {
        dieWhileIssuing(Point.SECRET_PUBLISHED);
        var published = shop.loginsOnTheServer();

        try (var session = shop.connect()) {
            assertThat(session.settle(shop).adopted()).hasSize(1);
            assertThat(session.standing(shop, Shop.AGENT)).isInstanceOf(Standing.Live.class);
        }

        assertThat(shop.loginsOnTheServer()).isEqualTo(published);
        assertThat(shop.states()).containsExactly("support-bot PUBLISHED");
    }

    @Test
    void anAnswerOfTheStoreThatWasLostIsFoundOutByTheNextRun() throws SQLException {
        loseTheStore(true);

        converge();

        everythingIsInOrder();
        assertThat(shop.states()).containsExactly("support-bot PUBLISHED");
    }

    @Test
    void aStoreThatFailedBeforeItWroteLeavesAnOrphanThatTheNextRunDrops() throws SQLException {
        loseTheStore(false);
        assertThat(shop.loginsOnTheServer()).hasSize(1);

        converge();

        everythingIsInOrder();
        assertThat(shop.states()).containsExactlyInAnyOrder("support-bot ENDED", "support-bot PUBLISHED");
    }

    @Test
    void aLeaseThatAnotherSessionIsIssuingIsLeftToIt() throws SQLException {
        try (var session = shop.connect();
                var other = shop.connect()) {
            var settled = new AtomicInteger();
            FaultPoints meanwhile = point -> {
                if (point == Point.LOGIN_PROVEN) {
                    settled.set(settle(other).dropped().size());
                }
            };
            session.issuer(shop.store, session.server().logins(), meanwhile).issue(shop.order());

            assertThat(settled).hasValue(0);
        }
        everythingIsInOrder();
    }

    /// A run that lost its session, was taken for dead, and published all the same: the login it published is
    /// gone, so another takes its place at once.
    @Test
    void aRunThatWasTakenForDeadReplacesWhatItPublished() throws SQLException {
        try (var session = shop.connect();
                var other = shop.connect()) {
            var once = new AtomicInteger();
            FaultPoints takenForDead = point -> {
                if (point == Point.LOGIN_PROVEN && once.getAndIncrement() == 0) {
                    loseClaims(session);
                    assertThat(settle(other).dropped()).hasSize(1);
                }
            };

            var lease = Shop.issued(session.issuer(shop.store, session.server().logins(), takenForDead)
                    .issue(shop.order()));

            assertThat(lease.storeVersion()).contains(2L);
        }
        everythingIsInOrder();
        assertThat(shop.states()).containsExactlyInAnyOrder("support-bot ENDED", "support-bot PUBLISHED");
    }

    /// The same, when the session is lost for good: it can record nothing, and leaves no dead login behind.
    @Test
    void aRunThatLostItsSessionTakesBackALoginThatIsGone() throws SQLException {
        try (var session = shop.connect();
                var other = shop.connect()) {
            FaultPoints lost = point -> {
                if (point == Point.LOGIN_PROVEN) {
                    cutOff(session);
                    assertThat(settle(other).dropped()).hasSize(1);
                }
            };

            assertThatThrownBy(() -> session.issuer(shop.store, session.server().logins(), lost)
                            .issue(shop.order()))
                    .isInstanceOf(SQLException.class);

            assertThat(shop.store.read(shop.path(Shop.AGENT)).held()).isEmpty();
        }
        converge();
        everythingIsInOrder();
    }

    @Test
    void aRunThatLostItsSessionLeavesALoginThatWorks() throws SQLException {
        try (var session = shop.connect()) {
            FaultPoints lost = point -> {
                if (point == Point.LOGIN_PROVEN) {
                    cutOff(session);
                }
            };

            assertThatThrownBy(() -> session.issuer(shop.store, session.server().logins(), lost)
                            .issue(shop.order()))
                    .isInstanceOf(SQLException.class);

            shop.logInAsPublished(Shop.AGENT).close();
        }
        converge();
        everythingIsInOrder();
    }

    /// The session lives, and goes on with the other agents.
    @Test
    void aRotationThatTheServerRefusesHasGivenItsClaimBack() throws SQLException {
        try (var session = shop.connect();
                var other = shop.connect()) {
            FaultPoints refusing = point -> {
                if (point == Point.LOGIN_PROVEN) {
                    alter("ALTER TABLE agentroles.journal RENAME TO journal_elsewhere");
                }
            };
            var issuer = session.issuer(shop.store, session.server().logins(), refusing);
            var rotation = new Rotation(issuer, new Retirements(issuer.tools()));

            assertThatThrownBy(() -> rotation.rotate(shop.order(), Duration.ofMinutes(5), false))
                    .isInstanceOf(SQLException.class);
            alter("ALTER TABLE agentroles.journal_elsewhere RENAME TO journal");

            assertThat(session.connection().isValid(5)).isTrue();
            assertThat(other.ledger().claims().claimAgent(Shop.AGENT)).isTrue();
        }
    }

    private void alter(String ledger) {
        try {
            shop.database.execute(ledger);
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void aLoginDroppedByHandIsReplaced() throws SQLException {
        var lease = issue();
        shop.database.execute("DROP ROLE \"" + lease.login() + '"');

        try (var session = shop.connect()) {
            assertThat(session.standing(shop, Shop.AGENT))
                    .isEqualTo(new Standing.Due("the published login " + lease.login() + " is gone from the server"));
            assertThat(session.settle(shop).forgotten()).containsExactly(lease.id());
        }
        converge();

        everythingIsInOrder();
    }

    @Test
    void aLoginThatTheLedgerDoesNotKnowIsDroppedWithItsSessions() throws SQLException {
        var lease = issue();
        shop.database.execute("DELETE FROM agentroles.lease");

        try (var agent = shop.logInAsPublished(Shop.AGENT);
                var session = shop.connect()) {
            assertThat(session.settle(shop).dropped()).containsExactly(lease.login());
            assertThat(agent.isValid(5)).isFalse();
        }
        converge();

        everythingIsInOrder();
    }

    @Test
    void aRoleOfThatNameWithoutOurMarkIsNotOurs() throws SQLException {
        var name = "ar_" + shop.database.name() + "_support-bot_1foreign";
        shop.database.execute("CREATE ROLE \"" + name + "\" LOGIN");

        try (var session = shop.connect()) {
            assertThat(session.settle(shop).dropped()).isEmpty();
            assertThatThrownBy(() -> session.server().logins().dropLogin(new dev.agentroles.access.RoleName(name)))
                    .isInstanceOf(Failure.class)
                    .hasMessage(
                            "role " + name + " carries no mark of a lease, so agentroles will not drop it; drop it by"
                                    + " hand if it is not needed");
        }
        assertThat(shop.loginsOnTheServer()).containsExactly(name);
    }

    @Test
    void anExpiredLeaseIsDue() throws SQLException {
        var lease = issue();
        try (var session = shop.connect()) {
            var standing = Standing.of(
                    shop.store.read(shop.path(Shop.AGENT)),
                    Shop.AGENT,
                    session.ledger().leases().open(),
                    java.util.Set.of(lease.login()),
                    lease.expiresAt());

            assertThat(standing)
                    .isEqualTo(new Standing.Due(
                            "the published login " + lease.login() + " expired at " + lease.expiresAt()));
        }
    }

    private Lease issue() throws SQLException {
        try (var session = shop.connect()) {
            return Shop.issued(session.issuer(shop.store).issue(shop.order()));
        }
    }

    private void issueWith(Shop.Session session) {
        try {
            session.issuer(shop.store).issue(shop.order());
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    private Orphans.Settled settle(Shop.Session session) {
        try {
            return session.settle(shop);
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    /// Ends the session at the server and waits until it is gone.
    private void cutOff(Shop.Session session) {
        try (var asking = session.connection().createStatement();
                var row = asking.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            assertThat(shop.database.query("SELECT pg_terminate_backend(%d, 10000)".formatted(row.getInt(1))))
                    .containsExactly("t");
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    private static void loseClaims(Shop.Session session) {
        try (var statement = session.connection().createStatement()) {
            statement.execute("SELECT pg_advisory_unlock_all()");
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    private void dieWhileIssuing(Point deadly) throws SQLException {
        try (var session = shop.connect()) {
            assertThatThrownBy(() -> session.issuer(shop.store, session.server().logins(), dyingAt(deadly))
                            .issue(shop.order()))
                    .isInstanceOf(Killed.class);
        }
    }

    private void dieWhileSettling(Point deadly) throws SQLException {
        try (var session = shop.connect()) {
            assertThatThrownBy(() ->
                            session.orphans(shop.store, dyingAt(deadly)).settle(Shop.ENVIRONMENT, shop.database.name()))
                    .isInstanceOf(Killed.class);
        }
    }

    private void loseTheStore(boolean afterItWrote) throws SQLException {
        try (var session = shop.connect()) {
            var store = new TroubledStore(shop.store, (real, path, secret, expected, life) -> {
                if (afterItWrote) {
                    real.publish(path, secret, expected, life);
                }
                throw Failure.error(Problem.of("the store does not answer"));
            });
            assertThatThrownBy(() -> session.issuer(store).issue(shop.order())).hasMessage("the store does not answer");
        }
    }

    private void converge() throws SQLException {
        try (var session = shop.connect()) {
            session.converge(shop);
        }
    }

    /// What is published logs in; server and ledger know the same logins; nothing waits; the journal is
    /// whole.
    private void everythingIsInOrder() throws SQLException {
        shop.logInAsPublished(Shop.AGENT).close();
        try (var session = shop.connect()) {
            var known = new HashSet<String>();
            for (var row : session.ledger().leases().open()) {
                assertThat(row.lease().state()).isEqualTo(Lease.State.PUBLISHED);
                known.add(row.lease().login().value());
            }
            assertThat(shop.loginsOnTheServer()).isEqualTo(known);
            assertThat(session.standing(shop, Shop.AGENT)).isInstanceOf(Standing.Live.class);
            assertThat(session.settle(shop)).isEqualTo(Orphans.Settled.NOTHING);
            assertThat(session.ledger().journal().firstBreak()).isEmpty();
        }
    }
}
