package dev.agentroles.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.engine.ServerIdentity;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class EnvironmentGuardTest {
    private static final Instant SOME_TIME = Instant.parse("2026-01-02T03:04:05Z");
    private static final EnvironmentGuard.Claim CLAIM =
            new EnvironmentGuard.Claim("prod.yaml", "production", "shop", List.of());
    private static final ServerIdentity SERVER =
            new ServerIdentity("PostgreSQL", "18.6", "7438", "shop_db", "provisioner", Optional.empty());
    private static final LedgerState STAMPED = stamped("production", "shop", "7438", "shop_db");

    @Test
    void whatFitsMayBeReadAndChanged() {
        new EnvironmentGuard(CLAIM, SERVER, STAMPED).mayGive();
        new EnvironmentGuard(CLAIM, SERVER, new LedgerState.Absent()).mayGive();
        new EnvironmentGuard(pinned("7438"), SERVER, STAMPED).mayGive();
    }

    @Test
    void anotherEnvironmentIsRefused() {
        refused(
                new EnvironmentGuard(CLAIM, SERVER, stamped("staging", "shop", "7438", "shop_db"))::mayRead,
                "prod.yaml says environment production, and this database (shop_db on server 7438) is stamped as"
                        + " environment staging; use the profile that belongs to it, or the URL that belongs to"
                        + " prod.yaml; for a copy that was made on purpose, drop schema agentroles in the copy and name it by an entry of its own");
    }

    @Test
    void anotherEntryIsRefused() {
        refused(
                new EnvironmentGuard(CLAIM, SERVER, stamped("production", "billing", "7438", "shop_db"))::mayRead,
                "prod.yaml says database entry shop, and this database (shop_db on server 7438) is stamped as database"
                        + " entry billing; use the profile that belongs to it, or the URL that belongs to prod.yaml;"
                        + " if the entry was renamed, call it billing again, as its roles, logins and secrets are called"
                        + " so; to rename it for good, first apply a profile with entry billing and agents: {}, which"
                        + " ends and drops all of them, keep what agentroles log says, drop schema agentroles, and then"
                        + " apply under the new name");
    }

    @Test
    void anotherEntryOfACopyIsRefusedAsACopy() {
        for (var copied : List.of(
                stamped("production", "billing", "9999", "shop_db"),
                stamped("production", "billing", "7438", "shop_old"))) {
            refused(
                    new EnvironmentGuard(CLAIM, SERVER, copied)::mayRead,
                    "prod.yaml says database entry shop, and this database (shop_db on server 7438) is stamped as"
                            + " database entry billing; use the profile that belongs to it, or the URL that belongs to"
                            + " prod.yaml; for a copy that was made on purpose, drop schema agentroles in the copy and"
                            + " name it by an entry of its own");
        }
    }

    @Test
    void aStampFromAnotherServerIsRefused() {
        refused(
                new EnvironmentGuard(CLAIM, SERVER, stamped("production", "shop", "9999", "shop_db"))::mayRead,
                "the server that answered is 7438, and this database (shop_db on server 7438) is stamped on server"
                        + " 9999; use the profile that belongs to it, or the URL that belongs to prod.yaml; if this"
                        + " server took the other's place (a failover, an upgrade), write identity: [\"9999\", \"7438\"]"
                        + " in its entry; for a copy that was made on purpose, drop schema agentroles in the copy and"
                        + " name it by an entry of its own");
    }

    @Test
    void aServerThatTookAnothersPlaceMayActWhereTheProfileNamesBoth() {
        var promoted = stamped("production", "shop", "9999", "shop_db");

        new EnvironmentGuard(pinned("9999", "7438"), SERVER, promoted).mayGive();
        new EnvironmentGuard(pinned("9999", "7438"), SERVER, STAMPED).mayGive();
        refused(
                new EnvironmentGuard(pinned("7438", "1111"), SERVER, promoted)::mayRead,
                "the server that answered is 7438, and this database (shop_db on server 7438) is stamped on server"
                        + " 9999; use the profile that belongs to it, or the URL that belongs to prod.yaml; if this"
                        + " server took the other's place (a failover, an upgrade), write identity: [\"9999\", \"7438\"]"
                        + " in its entry; for a copy that was made on purpose, drop schema agentroles in the copy and"
                        + " name it by an entry of its own");
        refused(
                new EnvironmentGuard(pinned("9999", "1111"), SERVER, promoted)::mayRead,
                "prod.yaml pins database shop to server identity 9999 or 1111, and the server that answered is 7438;"
                        + " check the URL; if this server takes the other's place on purpose, list both as identity"
                        + " of shop");
    }

    @Test
    void aCopyUnderAnotherNameIsRefused() {
        refused(
                new EnvironmentGuard(CLAIM, SERVER, stamped("production", "shop", "7438", "shop_old"))::mayRead,
                "the database that answered is shop_db, and this database (shop_db on server 7438) is stamped as"
                        + " database shop_old; use the profile that belongs to it, or the URL that belongs to"
                        + " prod.yaml; for a copy that was made on purpose, drop schema agentroles in the copy and name it by an entry of its own");
    }

    @Test
    void aPinnedServerThatIsAnotherIsRefusedBeforeTheFirstStamp() {
        refused(
                new EnvironmentGuard(pinned("1111"), SERVER, new LedgerState.Absent())::mayRead,
                "prod.yaml pins database shop to server identity 1111, and the server that answered is 7438; check the"
                        + " URL; if this server takes the other's place on purpose, list both as identity of shop");
    }

    @Test
    void aReplicaMayBeReadAndNotChanged() {
        var replica =
                new ServerIdentity("PostgreSQL", "18.6", "7438", "shop_db", "provisioner", ServerIdentity.NO_WRITES);
        var guard = new EnvironmentGuard(CLAIM, replica, STAMPED);

        guard.mayRead();
        refused(
                guard::mayChange,
                "database shop_db of server 7438 takes no writes: it is a replica or read-only, and prod.yaml names it"
                        + " as shop; point the URL at the primary server; if this is the primary, end what makes it a"
                        + " replica or read-only");
    }

    @Test
    void aFrozenEnvironmentMayBeNarrowedAndGivesNothing() {
        var frozen = new LedgerState.Present(
                Ledger.VERSION,
                ((LedgerState.Present) STAMPED).stamp(),
                Optional.of(new StoppedBy("alice@laptop", SOME_TIME, "odd queries")),
                SOME_TIME);
        var guard = new EnvironmentGuard(CLAIM, SERVER, frozen);

        guard.mayChange();
        refused(
                guard::mayGive,
                "environment production is frozen: alice@laptop froze shop at 2026-01-02T03:04:05Z because: odd"
                        + " queries; agentroles thaw prod.yaml when the reason is gone");
    }

    @Test
    void aNewerLedgerIsRefusedEvenForReading() {
        var newer = new LedgerState.Present(Ledger.VERSION + 1, Optional.empty(), Optional.empty(), SOME_TIME);

        refused(
                new EnvironmentGuard(CLAIM, SERVER, newer)::mayRead,
                "the ledger of this database is version 3, and this agentroles knows version 2 and older; use the newer"
                        + " agentroles that upgraded it");
    }

    private static EnvironmentGuard.Claim pinned(String... identities) {
        return new EnvironmentGuard.Claim("prod.yaml", "production", "shop", List.of(identities));
    }

    private static LedgerState stamped(String environment, String entry, String server, String database) {
        return new LedgerState.Present(
                Ledger.VERSION,
                Optional.of(new Stamp(environment, entry, server, database, SOME_TIME, "1.0")),
                Optional.empty(),
                SOME_TIME);
    }

    private static void refused(ThrowingCallable act, String message) {
        assertThatThrownBy(act)
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.exit()).isEqualTo(Exit.REFUSED))
                .hasMessage(message);
    }
}
