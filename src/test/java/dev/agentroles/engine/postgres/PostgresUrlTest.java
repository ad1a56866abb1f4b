package dev.agentroles.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.problem.Position;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile.Tls;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PostgresUrlTest {
    private static final String HOW = "add sslmode=verify-full (and sslrootcert=FILE if its CA is your own), or take"
            + " the risk by name with tls: unverified";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql:shop",
                "jdbc:postgresql:///shop",
                "jdbc:postgresql://localhost/shop",
                "jdbc:postgresql://127.0.0.1:5433/shop?sslmode=disable",
                "jdbc:postgresql://[::1]:5433/shop",
                "jdbc:postgresql://db1.example.com:5432/shop?sslmode=verify-full",
                "jdbc:postgresql://db1.example.com/shop?sslmode=verify-ca&sslrootcert=/etc/ca.pem",
                "jdbc:postgresql://db1.example.com,db2.example.com:5433/shop?sslmode=verify-full",
                "jdbc:postgresql://db1.example.com/a%20shop?sslmode=verify-full"
            })
    void aUrlThatVerifiesOrStaysOnTheMachineIsGood(String url) {
        assertThat(problems(url, Tls.VERIFIED)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://db1.example.com/shop",
                "jdbc:postgresql://db1.example.com/shop?ssl=true",
                "jdbc:postgresql://db1.example.com/shop?sslmode=require",
                "jdbc:postgresql://localhost,db1.example.com/shop",
                "jdbc:postgresql://db1.example.com/shop?sslmode=verify-full&sslmode=disable"
            })
    void aServerElsewhereMustBeVerified(String url) {
        assertThat(problems(url, Tls.VERIFIED))
                .isEqualTo("shop.yaml:6:10: this URL leads to db1.example.com without verifying that server; " + HOW);
    }

    @Test
    void theProfileMayTakeTheRiskByName() {
        assertThat(problems("jdbc:postgresql://db1.example.com/shop", Tls.UNVERIFIED))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://localhost/shop?user=app",
                "jdbc:postgresql://localhost/shop?ssl=true&password=sesame",
                "jdbc:postgresql://localhost/shop?pass%77ord=sesame",
                "jdbc:postgresql://localhost/?service=shop"
            })
    void credentialsDoNotBelongInAUrl(String url) {
        assertThat(problems(url, Tls.UNVERIFIED))
                .startsWith("shop.yaml:6:10: this URL has the parameter ")
                .endsWith(", which leads to a credential; credentials go under admin: {username: ..., password: {env:"
                        + " NAME}}")
                .doesNotContain("sesame");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://me:sesame@db1.example.com/shop?sslmode=verify-full",
                "jdbc:postgresql://me:se/sesame@db1.example.com/shop",
                "jdbc:postgresql://db1.example.com,me:sesame@db2.example.com/shop",
                "jdbc:postgresql:me:sesame@shop"
            })
    void noCredentialStandsBeforeAHost(String url) {
        assertThat(problems(url, Tls.UNVERIFIED))
                .startsWith("shop.yaml:6:10: this URL has an @, and what stands before one is a credential; ")
                .doesNotContain("sesame");
    }

    @Test
    void aUrlMayNotReplaceWhatVerifiesTheServer() {
        assertThat(problems(
                        "jdbc:postgresql://db1.example.com/shop?sslmode=verify-full"
                                + "&sslfactory=org.postgresql.ssl.NonValidatingFactory",
                        Tls.VERIFIED))
                .isEqualTo("shop.yaml:6:10: this URL has the parameter sslfactory, which replaces code of the driver;"
                        + " take it away: agentroles relies on what the driver verifies");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres://db1.example.com/shop", "jdbc:mysql://db1.example.com/shop", "shop"})
    void anotherKindOfUrlIsRefused(String url) {
        assertThat(problems(url, Tls.VERIFIED))
                .isEqualTo("shop.yaml:6:10: this URL does not begin with jdbc:postgresql:; for example"
                        + " jdbc:postgresql://db1.example.com:5432/shop?sslmode=verify-full");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://localhost",
                "jdbc:postgresql://localhost:port/shop",
                "jdbc:postgresql://localhost:99999/shop"
            })
    void aUrlThatTheDriverCannotReadIsRefused(String url) {
        assertThat(problems(url, Tls.VERIFIED))
                .isEqualTo("shop.yaml:6:10: the PostgreSQL driver cannot read this URL; for example"
                        + " jdbc:postgresql://db1.example.com:5432/shop?sslmode=verify-full");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc:postgresql:", "jdbc:postgresql://localhost/"})
    void aUrlNamesADatabase(String url) {
        assertThat(problems(url, Tls.VERIFIED))
                .isEqualTo("shop.yaml:6:10: this URL names no database; for example"
                        + " jdbc:postgresql://db1.example.com:5432/shop?sslmode=verify-full");
    }

    /// They would go before the settings that our sessions rely on.
    @Test
    void settingsOfTheSessionAreRefused() {
        assertThat(problems("jdbc:postgresql://localhost/shop?options=-c%20search_path=app", Tls.VERIFIED))
                .contains("this URL has the parameter options, which replaces settings of agentroles' sessions");
    }

    private static String problems(String url, Tls tls) {
        return new PostgresUrl()
                .check(url, tls, new Position("shop.yaml", 6, 10)).stream()
                        .map(Problem::toString)
                        .collect(Collectors.joining("\n"));
    }
}
