package dev.agentroles.draft;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Whether a name says that a secret, or a person's number, is behind it. A name is no proof: what it says is only
/// proposed.
final class SecretName {
    /// Each by itself, or as a word of a longer name.
    private static final Set<String> WORDS = Set.of(
            "apikey",
            "cardno",
            "cardnumber",
            "ccnumber",
            "credential",
            "creditcard",
            "cvc",
            "cvv",
            "iban",
            "passcode",
            "passphrase",
            "passport",
            "passwd",
            "password",
            "passwort",
            "privatekey",
            "pwd",
            "secret",
            "ssn",
            "taxid",
            "token",
            "totp");

    /// Words that say it together.
    private static final List<List<String>> TOGETHER = List.of(
            List.of("access", "key"),
            List.of("account", "number"),
            List.of("api", "key"),
            List.of("card", "no"),
            List.of("card", "number"),
            List.of("cc", "number"),
            List.of("credit", "card"),
            List.of("encryption", "key"),
            List.of("national", "id"),
            List.of("private", "key"),
            List.of("recovery", "code"),
            List.of("security", "code"),
            List.of("security", "number"),
            List.of("tax", "id"));

    private static final Pattern LETTERS = Pattern.compile("\\p{L}+");

    /// An s at its end is no plural's: cvs, ids.
    private static final int SHORT = 3;

    private SecretName() {}

    /// What the name says: `card number`; empty if it says nothing of that kind.
    static Optional<String> of(String name) {
        var words = words(name);
        var together =
                TOGETHER.stream().filter(wanted -> contains(words, wanted)).map(wanted -> String.join(" ", wanted));
        return Stream.concat(words.stream().filter(WORDS::contains), together).findFirst();
    }

    private static boolean contains(List<String> words, List<String> wanted) {
        return Collections.indexOfSubList(words, wanted) >= 0;
    }

    /// Of `apiKeys`, `API_KEY2` and `api-keys`: api, key.
    private static List<String> words(String name) {
        var apart = name.replaceAll("(?<=\\p{Ll})(?=\\p{Lu})", "_").toLowerCase(Locale.ROOT);
        return LETTERS.matcher(apart)
                .results()
                .map(MatchResult::group)
                .map(SecretName::singular)
                .toList();
    }

    private static String singular(String word) {
        boolean plural = word.length() > SHORT && word.endsWith("s") && !word.endsWith("ss");
        return plural ? word.substring(0, word.length() - 1) : word;
    }
}
