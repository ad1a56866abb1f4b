package dev.agentroles.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is said about a profile that is no YAML as profiles are: documents, keys, types.
final class BadYamlTest {
    private static final String NOT_YAML = "; look at the indentation, quotes and brackets here and just before";

    static Stream<BadProfile> notOneYamlDocument() {
        return Stream.of(
                new BadProfile(
                        "nothing",
                        "",
                        "shop.yaml:1:1: the profile is empty; begin with \"version: 1\", or have one written:"
                                + " agentroles init"),
                new BadProfile(
                        "only a comment",
                        "# version: 1\n",
                        "shop.yaml:1:1: the profile is empty; begin with \"version: 1\", or have one written:"
                                + " agentroles init"),
                new BadProfile(
                        "only a marker",
                        "---\n",
                        "shop.yaml:1:1: the profile is empty; begin with \"version: 1\", or have one written:"
                                + " agentroles init"),
                new BadProfile(
                        "a list",
                        "- version: 1\n",
                        "shop.yaml:1:1: the profile must be a mapping of keys to values, not a list"),
                new BadProfile(
                        "a word",
                        "version",
                        "shop.yaml:1:1: the profile must be a mapping of keys to values, not text"),
                new BadProfile(
                        "an open bracket",
                        Samples.with("[app.orders]", "[app.orders"),
                        "shop.yaml:12:7: this is not YAML: expected ',' or ']', but got :" + NOT_YAML),
                new BadProfile(
                        "a tab",
                        Samples.with("    database: shop", "\tdatabase: shop"),
                        "shop.yaml:10:1: this is not YAML: found character '\\t(TAB)' that cannot start any token."
                                + " (Do not use \\t(TAB) for indentation)" + NOT_YAML),
                new BadProfile(
                        "a line out of place",
                        Samples.with("    include", "   include"),
                        "shop.yaml:11:4: this is not YAML: expected <block end>, but found '<block mapping start>'"
                                + NOT_YAML),
                new BadProfile(
                        "a character that YAML does not know",
                        Samples.with("staging", "stag\u0001ing"),
                        "shop.yaml:2:18: this is not YAML: character U+0001 is not allowed" + NOT_YAML),
                new BadProfile(
                        "two documents",
                        Samples.SMALL + "---\nversion: 1\n",
                        "shop.yaml:15:1: a second YAML document begins here; one file is one profile: split it"),
                new BadProfile(
                        "an alias bomb",
                        """
                        version: 1
                        a: &a [x, x, x, x, x, x, x, x, x]
                        b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]
                        c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]
                        """,
                        "shop.yaml:2:4: anchor \"&a\" is refused; take it away: a profile has no aliases"),
                new BadProfile(
                        "an alias",
                        Samples.with("database: shop", "database: *shop"),
                        "shop.yaml:10:15: alias \"*shop\" is refused; write out what it stands for: aliases can make a"
                                + " small file unboundedly large, and hide from a reviewer what is granted"),
                new BadProfile(
                        "deep nesting",
                        "version: " + "[".repeat(100_000),
                        "shop.yaml:1:29: this is nested more than 20 deep, which no profile is"));
    }

    static Stream<BadProfile> keys() {
        return Stream.of(
                new BadProfile("unknown key with a neighbour", Samples.with("    include:", "    includes:"), """
                        shop.yaml:9:3: scopes.orders has no "include"
                        shop.yaml:11:5: unknown key in scopes.orders "includes"; did you mean "include"?"""),
                new BadProfile(
                        "unknown key without one",
                        Samples.with("environment: staging", "environment: staging\nowner: me"),
                        "shop.yaml:3:1: unknown key in the profile \"owner\"; known: version, environment, databases,"
                                + " scopes, agents, vault, store, waivers"),
                new BadProfile(
                        "duplicate key",
                        Samples.with("    database: shop\n", "    database: shop\n    database: shop\n"),
                        "shop.yaml:11:5: key \"database\" is there twice in scopes.orders; the first is in line 10"),
                new BadProfile(
                        "duplicate agent",
                        Samples.SMALL + "  support-bot: {access: [{scope: orders, tier: explore}]}\n",
                        "shop.yaml:15:3: key \"support-bot\" is there twice in agents; the first is in line 13"),
                new BadProfile(
                        "key that is no text",
                        Samples.with("    database: shop\n", "    database: shop\n    5: five\n"),
                        "shop.yaml:11:5: a key of scopes.orders is not text; write it in quotes"),
                new BadProfile("merge key", Samples.with("    database: shop\n", "    <<: {database: shop}\n"), """
                        shop.yaml:9:3: scopes.orders has no "database"
                        shop.yaml:10:5: unknown key in scopes.orders "<<"; known: database, include, exclude, future"""),
                new BadProfile("nothing but a version", "version: 1\n", """
                        shop.yaml:1:1: the profile has no "environment"
                        shop.yaml:1:1: the profile has no "databases"
                        shop.yaml:1:1: the profile has no "scopes"
                        shop.yaml:1:1: the profile has no "agents\""""),
                new BadProfile(
                        "version of another time",
                        Samples.with("version: 1", "version: 2"),
                        "shop.yaml:1:10: version 2 of the profile is not known; this program reads version 1"));
    }

    static Stream<BadProfile> types() {
        return Stream.of(
                new BadProfile(
                        "list for text",
                        Samples.with("environment: staging", "environment: [staging]"),
                        "shop.yaml:2:14: environment must be text, not a list"),
                new BadProfile(
                        "number for text",
                        Samples.with("environment: staging", "environment: 5"),
                        "shop.yaml:2:14: environment must be text, not a number"),
                new BadProfile(
                        "text for a list",
                        Samples.with("[app.orders]", "app.orders"),
                        "shop.yaml:11:14: scopes.orders.include must be a list, not text"),
                new BadProfile(
                        "empty list",
                        Samples.with("[app.orders]", "[]"),
                        "shop.yaml:11:14: scopes.orders.include is empty; give at least one entry"),
                new BadProfile(
                        "nothing for text",
                        Samples.with("engine: postgresql", "engine:"),
                        "shop.yaml:5:5: databases.shop.engine is empty; give text"),
                new BadProfile(
                        "text for a mapping",
                        Samples.with("{username: provisioner, password: {env: PASSWORD}}", "provisioner"),
                        "shop.yaml:7:12: databases.shop.admin must be a mapping of keys to values, not text"),
                new BadProfile(
                        "text for a number",
                        Samples.lease("{connections: many}"),
                        "shop.yaml:15:26: agents.support-bot.lease.connections must be a whole number from 1 to 1000,"
                                + " not text"),
                new BadProfile(
                        "zero connections",
                        Samples.lease("{connections: 0}"),
                        "shop.yaml:15:26: agents.support-bot.lease.connections must be a whole number from 1 to 1000,"
                                + " not 0"),
                new BadProfile(
                        "a number that no machine holds",
                        Samples.lease("{connections: 99999999999999999999}"),
                        "shop.yaml:15:26: agents.support-bot.lease.connections must be a whole number from 1 to 1000,"
                                + " not 99999999999999999999"),
                new BadProfile(
                        "text for a truth",
                        Samples.with("include: [app.orders]", "include: [app.orders]\n    future: yes"),
                        "shop.yaml:12:13: scopes.orders.future must be true or false, not text"),
                new BadProfile(
                        "no database at all",
                        """
                        version: 1
                        environment: staging
                        databases: {}
                        scopes: {}
                        agents: {}
                        """,
                        "shop.yaml:3:1: databases has no entry; name at least one database"));
    }

    @ParameterizedTest
    @MethodSource({"notOneYamlDocument", "keys", "types"})
    void everyProblemIsToldWithItsPlace(BadProfile bad) {
        assertThat(Readers.problemsOf(bad.text())).isEqualTo(bad.problems());
    }
}
