package dev.agentroles.credential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.harness.PostgreSql;
import dev.agentroles.ledger.Actor;
import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.ledger.Owed;
import dev.agentroles.ledger.StoppedBy;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What is owed, while others go on.
final class DebtsTest {
    private static final Actor ACTOR = new Actor("provisioner", "alice@laptop");
    private static final String OTHER = "order-desk";

    @AutoClose
    private final Shop shop = new Shop(PostgreSql.newest());

    DebtsTest() throws SQLException {
        shop.agent(OTHER);
    }

    @Test
    void aLoginThatIsPublishedAfterAThawIsNotErasedByARunThatBeganBefore() throws SQLException {
        try (var session = shop.connect();
                var other = shop.connect()) {
            var stops = other.ledger().stops();
            stops.freeze(new StoppedBy("alice", Instant.now(), "incident"), entry("freeze"));
            for (var agent : new String[] {Shop.AGENT, OTHER}) {
                other.ledger()
                        .owed()
                        .owe(Owed.Work.ERASE_SECRET, agent, shop.path(agent).value(), Instant.now());
            }
            var first = new AtomicBoolean(true);
            FaultPoints thawAfterTheFirst = point -> {
                if (point == Point.SECRET_ERASED && first.getAndSet(false)) {
                    thawAndIssue(other);
                }
            };

            var settled = new Debts(
                            new Tools(
                                    session.ledger(),
                                    session.server().logins(),
                                    shop.store,
                                    new Mint(new SecureRandom()),
                                    InstantSource.system(),
                                    ACTOR,
                                    thawAfterTheFirst),
                            shop.order(OTHER).home())
                    .settle();

            assertThat(settled.failed()).isEmpty();
            shop.logInAsPublished(OTHER).close();
        }
    }

    private void thawAndIssue(Shop.Session session) {
        try {
            session.ledger().stops().thaw(entry("thaw"));
            Shop.issued(session.issuer(shop.store).issue(shop.order(OTHER)));
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    private static JournalEntry entry(String action) {
        return new JournalEntry(Instant.now(), ACTOR, action, Optional.empty(), Optional.empty(), "done", "for a test");
    }
}
