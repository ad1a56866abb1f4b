package dev.agentroles.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is said about names that are wrong, that mean nothing, or that are patterns and cannot be.
final class BadScopeTest {
    static Stream<BadProfile> names() {
        var longest = "a".repeat(47);
        return Stream.of(
                new BadProfile(
                        "an upper-case letter",
                        Samples.with("environment: staging", "environment: Staging"),
                        "shop.yaml:2:14: \"Staging\" is not a name; a name is a lower-case letter, then lower-case"
                                + " letters, digits and hyphens"),
                new BadProfile(
                        "a path",
                        Samples.with("environment: staging", "environment: ../production"),
                        "shop.yaml:2:14: \"../production\" is not a name; a name is a lower-case letter, then"
                                + " lower-case letters, digits and hyphens"),
                new BadProfile(
                        "a quote",
                        Samples.with("  support-bot:", "  'support\"; DROP ROLE app':"),
                        "shop.yaml:13:3: \"support\"; DROP ROLE app\" is not a name; a name is a lower-case letter,"
                                + " then lower-case letters, digits and hyphens"),
                new BadProfile(
                        "a newline and an escape sequence",
                        Samples.with("  support-bot:", "  \"support\\n\\e[2J\":"),
                        "shop.yaml:13:3: \"support\\u{a}\\u{1b}[2J\" is not a name; a name is a lower-case letter,"
                                + " then lower-case letters, digits and hyphens"),
                new BadProfile(
                        "a letter of another script",
                        Samples.with("  support-bot:", "  b\u00f6t:"),
                        "shop.yaml:13:3: \"b\u00f6t\" is not a name; a name is a lower-case letter, then lower-case"
                                + " letters, digits and hyphens"),
                new BadProfile("an agent that just fits", Samples.with("support-bot", longest.substring(1)), ""),
                new BadProfile(
                        "an agent that is too long",
                        Samples.with("support-bot", longest),
                        "shop.yaml:13:3: agent \"" + longest + "\" needs a login called ar_shop_" + longest
                                + "_00000000, which has 64 bytes of at most 63; shorten a name in it by 1"),
                new BadProfile(
                        "a scope that is too long",
                        Samples.SMALL.replace("orders", "o".repeat(60)),
                        "shop.yaml:14:90: scope \"" + "o".repeat(60) + "\" needs a role called ar_shop_"
                                + "o".repeat(60)
                                + "_explore, which has 76 bytes of at most 63; shorten a name in it by 13"));
    }

    static Stream<BadProfile> references() {
        return Stream.of(
                new BadProfile(
                        "database",
                        Samples.with("    database: shop", "    database: shopp"),
                        "shop.yaml:10:15: unknown database \"shopp\"; did you mean \"shop\"?"),
                new BadProfile(
                        "scope",
                        Samples.with("scope: orders", "scope: sessions"),
                        "shop.yaml:14:22: unknown scope \"sessions\"; known: orders"),
                new BadProfile(
                        "scope where there is none",
                        Samples.with("""
                                scopes:
                                  orders:
                                    database: shop
                                    include: [app.orders]
                                """, "scopes: {}\n"),
                        "shop.yaml:11:22: unknown scope \"orders\"; there is none yet"),
                new BadProfile(
                        "tier",
                        Samples.with("tier: explore", "tier: explorer"),
                        "shop.yaml:14:36: unknown tier \"explorer\"; did you mean \"explore\"?"),
                new BadProfile(
                        "tier that the engine does not have",
                        Samples.with("tier: explore", "tier: writer, rows: 10"),
                        "shop.yaml:14:36: tier \"writer\" is not available on postgresql yet; available: explore,"
                                + " ddl-denied"),
                new BadProfile(
                        "rows for a tier that has none",
                        Samples.with("tier: explore", "tier: explore, rows: 10"),
                        "shop.yaml:14:45: rows has no meaning for tier \"explore\"; only \"writer\" has limits"),
                new BadProfile(
                        "engine",
                        Samples.with("engine: postgresql", "engine: postgres"),
                        "shop.yaml:5:13: unknown engine \"postgres\"; did you mean \"postgresql\"?"),
                new BadProfile(
                        "hardening",
                        Samples.with("engine: postgresql", "engine: postgresql\n    harden: [public-tmp, public-temp]"),
                        "shop.yaml:6:14: unknown hardening of postgresql \"public-tmp\"; did you mean \"public-temp\"?"),
                new BadProfile(
                        "hardening twice",
                        Samples.with(
                                "engine: postgresql", "engine: postgresql\n    harden: [public-temp, public-temp]"),
                        "shop.yaml:6:27: \"public-temp\" is there twice"),
                new BadProfile(
                        "scope twice",
                        Samples.with(
                                "[{scope: orders, tier: explore}]",
                                "[{scope: orders, tier: explore}, {scope: orders, tier: ddl-denied}]"),
                        "shop.yaml:14:46: scope \"orders\" is there twice in agents.support-bot.access; keep the entry"
                                + " with the tier that the agent needs"),
                new BadProfile(
                        "agent without access",
                        Samples.with("[{scope: orders, tier: explore}]", "[]"),
                        "shop.yaml:14:13: agents.support-bot.access is empty; give at least one entry"),
                new BadProfile(
                        "waiver of an agent that is not there",
                        Samples.waiver(
                                "finding: PUBLIC-TEMP, agent: suport-bot, reason: old, by: me, until: 2027-01-31"),
                        "shop.yaml:16:35: unknown agent \"suport-bot\"; did you mean \"support-bot\"?"));
    }

    static Stream<BadProfile> patterns() {
        return Stream.of(
                new BadProfile(
                        "one part",
                        Samples.with("[app.orders]", "[orders]"),
                        "shop.yaml:11:15: \"orders\" has one part; write schema.table, or schema.table.column to"
                                + " exclude a column"),
                new BadProfile(
                        "four parts",
                        Samples.with("[app.orders]", "[shop.app.orders.id]"),
                        "shop.yaml:11:15: \"shop.app.orders.id\" has more than three parts; write schema.table, or"
                                + " schema.table.column to exclude a column"),
                new BadProfile(
                        "a column to include",
                        Samples.with("[app.orders]", "[app.orders.id]"),
                        "shop.yaml:11:15: \"app.orders.id\" names a column; include the table and exclude the columns"
                                + " that are not to be read"),
                new BadProfile(
                        "a part that is missing",
                        Samples.with("[app.orders]", "[app..orders]"),
                        "shop.yaml:11:19: in the pattern \"app..orders\" a name is missing"),
                new BadProfile(
                        "a dot at the end",
                        Samples.with("[app.orders]", "['app.']"),
                        "shop.yaml:11:20: in the pattern \"app.\" a name is missing"),
                new BadProfile(
                        "a quote that is not closed",
                        Samples.with("[app.orders]", "['app.\"orders']"),
                        "shop.yaml:11:20: in the pattern \"app.\"orders\" the quote is not closed"),
                new BadProfile(
                        "nothing between quotes",
                        Samples.with("[app.orders]", "['app.\"\"']"),
                        "shop.yaml:11:20: in the pattern \"app.\"\"\" there is nothing between the quotes"),
                new BadProfile(
                        "text after a quote",
                        Samples.with("[app.orders]", "['app.\"orders\"_2']"),
                        "shop.yaml:11:28: in the pattern \"app.\"orders\"_2\" a dot is missing after the closing quote"),
                new BadProfile(
                        "a quote in the middle",
                        Samples.with("[app.orders]", "['app.or\"ders']"),
                        "shop.yaml:11:22: in the pattern \"app.or\"ders\" a name with quotes or spaces must be in"
                                + " double quotes as a whole"),
                new BadProfile(
                        "a space after letters outside the basic plane",
                        Samples.with("[app.orders]", "['app.\ud83d\ude00 x']"),
                        "shop.yaml:11:21: in the pattern \"app.\ud83d\ude00 x\" a name with quotes or spaces must be"
                                + " in double quotes as a whole"),
                new BadProfile(
                        "escapes in the YAML text, where only its beginning is known",
                        Samples.with("[app.orders]", "[\"app.\\u006fr ders\"]"),
                        "shop.yaml:11:15: in the pattern \"app.or ders\" a name with quotes or spaces must be in"
                                + " double quotes as a whole"),
                new BadProfile(
                        "a zero byte",
                        Samples.with("[app.orders]", "[\"app.\\0\"]"),
                        "shop.yaml:11:15: scopes.orders.include[0] holds the control character U+0000; write one line"
                                + " of text"));
    }

    @ParameterizedTest
    @MethodSource({"names", "references", "patterns"})
    void everyProblemIsToldWithItsPlace(BadProfile bad) {
        assertThat(Readers.problemsOf(bad.text())).isEqualTo(bad.problems());
    }
}
