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
                        "shop.yaml:10:1: a tab stands where YAML takes none; use spaces"),
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
                        "shop.yaml:2:4: anchor \"&a\" is refused; put it in quotes if it is text; otherwise take it away: a profile"
                                + " has no aliases"),
                new BadProfile(
                        "an alias",
                        Samples.with("database: shop", "database: *shop"),
                        "shop.yaml:10:15: alias \"*shop\" is refused; put it in quotes if it is text; otherwise write out what"
                                + " it stands for: aliases can make a small file unboundedly large, and hide from a"
                                + " reviewer what is granted"),
                new BadProfile(
                        "deep nesting",
                        "version: " + "[".repeat(100_000),
                        "shop.yaml:1:29: this is nested more than 20 deep, which no profile is"));
    }

    /// What is text to people, and something else to YAML where it is not in quotes.
    static Stream<BadProfile> unquoted() {
        return Stream.of(
                new BadProfile(
                        "everything",
                        Samples.with("[app.orders]", "[*.*]"),
                        "shop.yaml:11:15: a value that begins with * is no text to YAML; put it in quotes: \"*.*\""),
                new BadProfile(
                        "a star alone",
                        Samples.with("[app.orders]", "[*]"),
                        "shop.yaml:11:15: a value that begins with * is no text to YAML; put it in quotes: \"*\""),
                new BadProfile(
                        "the second of two",
                        Samples.with("[app.orders]", "[app.orders, *.lines]"),
                        "shop.yaml:11:27: a value that begins with * is no text to YAML; put it in quotes: \"*.lines\""),
                new BadProfile(
                        "in a list of lines",
                        Samples.with("[app.orders]", "\n      - app.orders\n      - *.lines # all"),
                        "shop.yaml:13:9: a value that begins with * is no text to YAML; put it in quotes: \"*.lines\""),
                new BadProfile(
                        "in brackets over several lines",
                        Samples.with("[app.orders]", "[app.orders,\n      *.lines, app.x]"),
                        "shop.yaml:12:7: a value that begins with * is no text to YAML; put it in quotes: \"*.lines\""),
                new BadProfile(
                        "a word with a star",
                        Samples.with("[app.orders]", "[*orders]"),
                        "shop.yaml:11:15: alias \"*orders\" is refused; put it in quotes if it is text; otherwise write"
                                + " out what it stands for: aliases can make a small file unboundedly large, and hide"
                                + " from a reviewer what is granted"),
                new BadProfile(
                        "an at sign",
                        Samples.SMALL + "    owner: @team-support, @team-orders\n",
                        "shop.yaml:15:12: a value that begins with @ is no text to YAML; put it in quotes:"
                                + " \"@team-support, @team-orders\""),
                new BadProfile(
                        "an ampersand",
                        Samples.with("[app.orders]", "[&app.orders]"),
                        "shop.yaml:11:15: a value that begins with & is no text to YAML; put it in quotes:"
                                + " \"&app.orders\""),
                new BadProfile(
                        "an exclamation mark in brackets",
                        Samples.with("[app.orders]", "[!app.orders]"),
                        "shop.yaml:11:15: a value that begins with ! is no text to YAML; put it in quotes:"
                                + " \"!app.orders\""),
                new BadProfile(
                        "an exclamation mark",
                        Samples.SMALL + "    owner: !team support\n",
                        "shop.yaml:15:12: agents.support-bot.owner must be text, not a value with the tag \"!team\";"
                                + " put it in quotes: \"!team support\""),
                new BadProfile(
                        "a percent sign, and quotes in it",
                        Samples.SMALL + "    owner: %the \"team\"\n",
                        "shop.yaml:15:12: a value that begins with % is no text to YAML; put it in quotes:"
                                + " '%the \"team\"'"),
                new BadProfile(
                        "a colon and a space",
                        Samples.SMALL + "    purpose: answers: all of them\n",
                        "shop.yaml:15:21: a value with a colon and a space in it is no text to YAML; put it in quotes:"
                                + " \"answers: all of them\""),
                new BadProfile(
                        "what may be a secret is not repeated",
                        Samples.with("password: {env: PASSWORD}", "password: @hunter2"),
                        "shop.yaml:7:46: a value that begins with @ is no text to YAML; put it in quotes"),
                new BadProfile(
                        "what may be a secret is not repeated as an anchor",
                        Samples.with("password: {env: PASSWORD}", "password: &hunter2"),
                        "shop.yaml:7:46: anchor is refused; put it in quotes if it is text; otherwise take it away: a"
                                + " profile has no aliases"),
                new BadProfile(
                        "a number for an identity",
                        Samples.with("engine: postgresql", "engine: postgresql\n    identity: 7438291048211110"),
                        "shop.yaml:6:15: databases.shop.identity must be text, not a number; put it in quotes:"
                                + " \"7438291048211110\""),
                new BadProfile(
                        "a truth for text",
                        Samples.SMALL + "    purpose: true\n",
                        "shop.yaml:15:14: agents.support-bot.purpose must be text, not true or false; put it in quotes:"
                                + " \"true\""),
                new BadProfile(
                        "nothing by name for text",
                        Samples.SMALL + "    owner: null\n",
                        "shop.yaml:15:12: agents.support-bot.owner must be text, not nothing; put it in quotes:"
                                + " \"null\""),
                new BadProfile(
                        "no for a truth",
                        Samples.with("include: [app.orders]", "include: [app.*]\n    future: No"),
                        "shop.yaml:12:13: scopes.orders.future must be true or false, not text; write false"));
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
                        "shop.yaml:11:14: scopes.orders.include must be a list, not text; put it in brackets"),
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
                        "shop.yaml:12:13: scopes.orders.future must be true or false, not text; write true"),
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
    @MethodSource({"notOneYamlDocument", "unquoted", "keys", "types"})
    void everyProblemIsToldWithItsPlace(BadProfile bad) {
        assertThat(Readers.problemsOf(bad.text())).isEqualTo(bad.problems());
    }
}
