package dev.agentroles.draft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which names are taken for those of secrets.
final class SecretNameTest {
    @ParameterizedTest
    @CsvSource({
        "password, password",
        "password_hash, password",
        "userPassword, password",
        "API_KEY2, api key",
        "apiKeys, api key",
        "card_number, card number",
        "cardNo, card no",
        "iban, iban",
        "ssn, ssn",
        "secrets, secret",
        "refresh_tokens, token",
        "customer-private-key, private key"
    })
    void aNameOfASecretSaysWhichOne(String name, String secret) {
        assertThat(SecretName.of(name)).contains(secret);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "card",
                "discard_number",
                "cardinality",
                "keyboard",
                "key",
                "orders",
                "assessment",
                "pinned",
                "ibanez",
                "",
                "_"
            })
    void anotherNameSaysNothing(String name) {
        assertThat(SecretName.of(name)).isEmpty();
    }
}
