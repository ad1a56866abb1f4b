package dev.agentroles.credential;

import static dev.agentroles.credential.Publications.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.agentroles.access.Secret;
import dev.agentroles.credential.SecretStore.Publication.Published;
import dev.agentroles.credential.SecretStore.Publication.Superseded;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What every store keeps. An implementing test class gives a store on real storage.
public interface SecretStoreContract {
    AtomicInteger LEASES = new AtomicInteger();

    /// The store under test, the same one during a test.
    SecretStore store();

    /// Another store on the same storage, as a second process would have; the caller closes it.
    SecretStore another();

    /// Now, on the store's clock.
    Instant now();

    /// Returns when a lease has ended, on the store's clock, and the store has noticed.
    void awaitEnd(StorePath path, LeaseSecret secret);

    /// A lease of an hour from now.
    default LeaseSecret lease() {
        return lease("pass\"word\\with 'quotes', ümlauts, 日本語, \n and <&>", Duration.ofHours(1));
    }

    default LeaseSecret lease(String password, Duration life) {
        int number = LEASES.incrementAndGet();
        return new LeaseSecret(
                "1lease%02d".formatted(number),
                "production",
                "shop",
                "support-bot",
                "explore",
                "team-support@example.com",
                "jdbc:postgresql://db1.example.com:5432/shop?sslmode=verify-full",
                "7438291048211110253",
                "ar_shop_support-bot_1lease%02d".formatted(number),
                Secret.of(password),
                now(),
                now().plus(life),
                "sha256:0a1b");
    }

    /// A path that no other test uses.
    default StorePath newPath() {
        return new StorePath("agents/production/shop/agent-" + LEASES.incrementAndGet());
    }

    @Test
    default void nothingIsVersionZero() {
        var current = store().read(newPath());

        assertThat(current).isEqualTo(new SecretStore.Current(0, Optional.empty()));
    }

    @Test
    default void whatIsPublishedIsRead() {
        var path = newPath();
        var secret = lease();

        var publication = publish(store(), path, secret, 0);

        assertThat(publication).isEqualTo(new Published(1));
        assertThat(store().read(path)).isEqualTo(new SecretStore.Current(1, Optional.of(new SecretStore.Held(secret))));
        try (var other = another()) {
            assertThat(other.read(path).held().orElseThrow().secret()).isEqualTo(secret);
        }
    }

    @Test
    default void aNewerLeaseTakesThePlaceOfTheOld() {
        var path = newPath();
        publish(store(), path, lease(), 0);
        var newer = lease();

        var publication = publish(store(), path, newer, 1);

        assertThat(publication).isEqualTo(new Published(2));
        assertThat(store().read(path).held().orElseThrow().secret()).isEqualTo(newer);
    }

    @Test
    default void whoExpectsAnOldVersionIsToldSo() {
        var path = newPath();
        publish(store(), path, lease(), 0);
        var winner = lease();
        publish(store(), path, winner, 1);

        assertThat(publish(store(), path, lease(), 0)).isEqualTo(new Superseded(2));
        assertThat(publish(store(), path, lease(), 1)).isEqualTo(new Superseded(2));
        assertThat(publish(store(), path, lease(), 7)).isEqualTo(new Superseded(2));
        assertThat(store().read(path).held().orElseThrow().secret()).isEqualTo(winner);
    }

    @Test
    default void publishingTheSameLeaseTwiceIsPublishingItOnce() {
        var path = newPath();
        var secret = lease();
        publish(store(), path, secret, 0);

        assertThat(publish(store(), path, secret, 0)).isEqualTo(new Published(1));
        assertThat(store().read(path).version()).isEqualTo(1);
    }

    @Test
    default void ofManyWritersExactlyOneWins() throws Exception {
        var path = newPath();
        int writers = 8;
        var start = new CyclicBarrier(writers);
        var attempts = new ArrayList<Callable<SecretStore.Publication>>();
        for (int writer = 0; writer < writers; writer++) {
            var secret = lease();
            attempts.add(() -> {
                try (var mine = another()) {
                    mine.read(path);
                    start.await();
                    return publish(mine, path, secret, 0);
                }
            });
        }

        List<SecretStore.Publication> outcomes = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var future : threads.invokeAll(attempts)) {
                outcomes.add(future.get());
            }
        }

        assertThat(outcomes).filteredOn(new Published(1)::equals).hasSize(1);
        assertThat(outcomes).filteredOn(new Superseded(1)::equals).hasSize(writers - 1);
    }

    @Test
    default void whatHasExpiredIsGoneAndItsVersionCounts() {
        var path = newPath();
        var brief = lease("brief", Duration.ofSeconds(4));
        publish(store(), path, brief, 0);

        awaitEnd(path, brief);

        assertThat(store().read(path)).isEqualTo(new SecretStore.Current(1, Optional.empty()));
        assertThat(publish(store(), path, lease(), 1)).isEqualTo(new Published(2));
    }

    @Test
    default void whatHasEndedIsNotPublished() {
        var path = newPath();

        assertThatCode(() -> publish(store(), path, lease("late", Duration.ofSeconds(-1)), 0))
                .hasMessageContaining("too soon to be of use");
        assertThat(store().read(path).version()).isZero();
    }

    @Test
    default void whatIsErasedIsGoneAndItsVersionCounts() {
        var path = newPath();
        publish(store(), path, lease(), 0);

        store().erase(path, 1);

        assertThat(store().read(path)).isEqualTo(new SecretStore.Current(1, Optional.empty()));
        assertThat(store().field(path, "password")).isEmpty();
        assertThat(publish(store(), path, lease(), 1)).isEqualTo(new Published(2));
    }

    @Test
    default void erasingAnOldVersionLeavesTheNewOne() {
        var path = newPath();
        publish(store(), path, lease(), 0);
        var newer = lease();
        publish(store(), path, newer, 1);

        store().erase(path, 1);

        assertThat(store().read(path).held().orElseThrow().secret()).isEqualTo(newer);
    }

    @Test
    default void erasingWhatIsNotThereIsDone() {
        var path = newPath();

        assertThatCode(() -> store().erase(path, 1)).doesNotThrowAnyException();

        publish(store(), path, lease(), 0);
        store().erase(path, 1);
        assertThatCode(() -> store().erase(path, 1)).doesNotThrowAnyException();
        assertThatCode(() -> store().erase(path, 9)).doesNotThrowAnyException();
    }

    @Test
    default void whatIsForgottenNeverWas() {
        var path = newPath();
        publish(store(), path, lease(), 0);

        store().forget(path);

        assertThat(store().read(path)).isEqualTo(new SecretStore.Current(0, Optional.empty()));
        assertThat(store().list(new StorePath("agents/production"))).doesNotContain(path);
        assertThatCode(() -> store().forget(path)).doesNotThrowAnyException();
    }

    @Test
    default void aListNamesWhatHoldsOrHeldSomethingBelowAFolder() {
        var first = new StorePath("agents/listed/shop/bot");
        var second = new StorePath("agents/listed/shop/bot.d/deeper");
        var erased = new StorePath("agents/listed/stock/bot");
        var elsewhere = new StorePath("agents/listed2/shop/bot");
        for (var path : List.of(first, second, erased, elsewhere)) {
            publish(store(), path, lease(), 0);
        }
        store().erase(erased, 1);

        assertThat(store().list(new StorePath("agents/listed"))).containsExactly(first, second, erased);
        assertThat(store().list(new StorePath("agents/nowhere"))).isEmpty();
    }

    @Test
    default void aFieldIsRead() {
        var path = newPath();
        var secret = lease();
        publish(store(), path, secret, 0);

        assertThat(store().field(path, "password")).contains(secret.password());
        assertThat(store().field(path, "username")).contains(Secret.of(secret.username()));
        assertThat(store().field(path, "nothing")).isEmpty();
        assertThat(store().field(newPath(), "password")).isEmpty();
    }
}
