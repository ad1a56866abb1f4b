package dev.agentroles.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is said about a profile that is wrong, whole.
final class BadProfileTest {
    private static final String NOT_YAML = "; look at the indentation, quotes and brackets here and just before";

    record Case(String name, String text, String problems) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> notOneYamlDocument() {
        return Stream.of(
                new Case(
                        "nothing",
                        "",
                        "shop.yaml:1:1: the profile is empty; begin with \"version: 1\", or have one written:"
                                + " agentroles init"),
                new Case(
                        "only a comment",
                        "# version: 1\n",
                        "shop.yaml:1:1: the profile is empty; begin with \"version: 1\", or have one written:"
                                + " agentroles init"),
                new Case(
                        "only a marker",
                        "---\n",
                        "shop.yaml:1:1: the profile is empty; begin with \"version: 1\", or have one written:"
                                + " agentroles init"),
                new Case(
                        "a list",
                        "- version: 1\n",
                        "shop.yaml:1:1: the profile must be a mapping of keys to values, not a list"),
                new Case(
                        "a word",
                        "version",
                        "shop.yaml:1:1: the profile must be a mapping of keys to values, not text"),
                new Case(
                        "an open bracket",
                        Samples.with("[app.orders]", "[app.orders"),
                        "shop.yaml:12:7: this is not YAML: expected ',' or ']', but got :" + NOT_YAML),
                new Case(
                        "a tab",
                        Samples.with("    database: shop", "\tdatabase: shop"),
                        "shop.yaml:10:1: this is not YAML: found character '\\t(TAB)' that cannot start any token."
                                + " (Do not use \\t(TAB) for indentation)" + NOT_YAML),
                new Case(
                        "a line out of place",
                        Samples.with("    include", "   include"),
                        "shop.yaml:11:4: this is not YAML: expected <block end>, but found '<block mapping start>'"
                                + NOT_YAML),
                new Case(
                        "a character that YAML does not know",
                        Samples.with("staging", "stag\u0001ing"),
                        "shop.yaml:2:18: this is not YAML: character U+0001 is not allowed" + NOT_YAML),
                new Case(
                        "two documents",
                        Samples.SMALL + "---\nversion: 1\n",
                        "shop.yaml:15:1: a second YAML document begins here; one file is one profile: split it"),
                new Case(
                        "an alias bomb",
                        """
                        version: 1
                        a: &a [x, x, x, x, x, x, x, x, x]
                        b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]
                        c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]
                        """,
                        "shop.yaml:2:4: anchor \"&a\" is refused; take it away: a profile has no aliases"),
                new Case(
                        "an alias",
                        Samples.with("database: shop", "database: *shop"),
                        "shop.yaml:10:15: alias \"*shop\" is refused; write out what it stands for: aliases can make a"
                                + " small file unboundedly large, and hide from a reviewer what is granted"),
                new Case(
                        "deep nesting",
                        "version: " + "[".repeat(100_000),
                        "shop.yaml:1:29: this is nested more than 20 deep, which no profile is"));
    }

    static Stream<Case> keys() {
        return Stream.of(
                new Case("unknown key with a neighbour", Samples.with("    include:", "    includes:"), """
                        shop.yaml:9:3: scopes.orders has no "include"
                        shop.yaml:11:5: unknown key in scopes.orders "includes"; did you mean "include"?"""),
                new Case(
                        "unknown key without one",
                        Samples.with("environment: staging", "environment: staging\nowner: me"),
                        "shop.yaml:3:1: unknown key in the profile \"owner\"; known: version, environment, databases,"
                                + " scopes, agents, vault, store, waivers"),
                new Case(
                        "duplicate key",
                        Samples.with("    database: shop\n", "    database: shop\n    database: shop\n"),
                        "shop.yaml:11:5: key \"database\" is there twice in scopes.orders; the first is in line 10"),
                new Case(
                        "duplicate agent",
                        Samples.SMALL + "  support-bot: {access: [{scope: orders, tier: explore}]}\n",
                        "shop.yaml:15:3: key \"support-bot\" is there twice in agents; the first is in line 13"),
                new Case(
                        "key that is no text",
                        Samples.with("    database: shop\n", "    database: shop\n    5: five\n"),
                        "shop.yaml:11:5: a key of scopes.orders is not text; write it in quotes"),
                new Case("merge key", Samples.with("    database: shop\n", "    <<: {database: shop}\n"), """
                        shop.yaml:9:3: scopes.orders has no "database"
                        shop.yaml:10:5: unknown key in scopes.orders "<<"; known: database, include, exclude, future"""),
                new Case("nothing but a version", "version: 1\n", """
                        shop.yaml:1:1: the profile has no "environment"
                        shop.yaml:1:1: the profile has no "databases"
                        shop.yaml:1:1: the profile has no "scopes"
                        shop.yaml:1:1: the profile has no "agents\""""),
                new Case(
                        "version of another time",
                        Samples.with("version: 1", "version: 2"),
                        "shop.yaml:1:10: version 2 of the profile is not known; this program reads version 1"));
    }

    static Stream<Case> types() {
        return Stream.of(
                new Case(
                        "list for text",
                        Samples.with("environment: staging", "environment: [staging]"),
                        "shop.yaml:2:14: environment must be text, not a list"),
                new Case(
                        "number for text",
                        Samples.with("environment: staging", "environment: 5"),
                        "shop.yaml:2:14: environment must be text, not a number"),
                new Case(
                        "text for a list",
                        Samples.with("[app.orders]", "app.orders"),
                        "shop.yaml:11:14: scopes.orders.include must be a list, not text"),
                new Case(
                        "empty list",
                        Samples.with("[app.orders]", "[]"),
                        "shop.yaml:11:14: scopes.orders.include is empty; give at least one entry"),
                new Case(
                        "nothing for text",
                        Samples.with("engine: postgresql", "engine:"),
                        "shop.yaml:5:5: databases.shop.engine is empty; give text"),
                new Case(
                        "text for a mapping",
                        Samples.with("{username: provisioner, password: {env: PASSWORD}}", "provisioner"),
                        "shop.yaml:7:12: databases.shop.admin must be a mapping of keys to values, not text"),
                new Case(
                        "text for a number",
                        lease("{connections: many}"),
                        "shop.yaml:15:26: agents.support-bot.lease.connections must be a whole number from 1 to 1000,"
                                + " not text"),
                new Case(
                        "zero connections",
                        lease("{connections: 0}"),
                        "shop.yaml:15:26: agents.support-bot.lease.connections must be a whole number from 1 to 1000,"
                                + " not 0"),
                new Case(
                        "a number that no machine holds",
                        lease("{connections: 99999999999999999999}"),
                        "shop.yaml:15:26: agents.support-bot.lease.connections must be a whole number from 1 to 1000,"
                                + " not 99999999999999999999"),
                new Case(
                        "text for a truth",
                        Samples.with("include: [app.orders]", "include: [app.orders]\n    future: yes"),
                        "shop.yaml:12:13: scopes.orders.future must be true or false, not text"),
                new Case(
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

    static Stream<Case> leases() {
        return Stream.of(
                new Case(
                        "number for a duration",
                        lease("{ttl: 60}"),
                        "shop.yaml:15:18: agents.support-bot.lease.ttl must be a length of time such as 90s, 15m,"
                                + " 1h30m or 7d, not a number"),
                new Case(
                        "duration in other words",
                        lease("{ttl: 1 hour}"),
                        "shop.yaml:15:18: agents.support-bot.lease.ttl must be a length of time such as 90s, 15m,"
                                + " 1h30m or 7d, not \"1 hour\""),
                new Case(
                        "no time at all",
                        lease("{ttl: 0s}"),
                        "shop.yaml:15:18: agents.support-bot.lease.ttl must be longer than nothing and at most 365d"),
                new Case(
                        "years",
                        lease("{ttl: 366d}"),
                        "shop.yaml:15:18: agents.support-bot.lease.ttl must be longer than nothing and at most 365d"),
                new Case(
                        "timeout that no server keeps",
                        lease("{idle_timeout: 30d}"),
                        "shop.yaml:15:27: agents.support-bot.lease.idle_timeout must be longer than nothing and at most"
                                + " 24d"),
                new Case(
                        "overlap longer than the lease",
                        lease("{ttl: 5m, overlap: 6m}"),
                        "shop.yaml:15:31: agents.support-bot.lease.overlap is longer than ttl; the previous login"
                                + " cannot outlive its own end"),
                new Case(
                        "overlap longer than the lease by default",
                        lease("{overlap: 2h}"),
                        "shop.yaml:15:22: agents.support-bot.lease.overlap is longer than ttl; the previous login"
                                + " cannot outlive its own end"));
    }

    static Stream<Case> names() {
        var longest = "a".repeat(47);
        return Stream.of(
                new Case(
                        "an upper-case letter",
                        Samples.with("environment: staging", "environment: Staging"),
                        "shop.yaml:2:14: \"Staging\" is not a name; a name is a lower-case letter, then lower-case"
                                + " letters, digits and hyphens"),
                new Case(
                        "a path",
                        Samples.with("environment: staging", "environment: ../production"),
                        "shop.yaml:2:14: \"../production\" is not a name; a name is a lower-case letter, then"
                                + " lower-case letters, digits and hyphens"),
                new Case(
                        "a quote",
                        Samples.with("  support-bot:", "  'support\"; DROP ROLE app':"),
                        "shop.yaml:13:3: \"support\"; DROP ROLE app\" is not a name; a name is a lower-case letter,"
                                + " then lower-case letters, digits and hyphens"),
                new Case(
                        "a newline and an escape sequence",
                        Samples.with("  support-bot:", "  \"support\\n\\e[2J\":"),
                        "shop.yaml:13:3: \"support\\u{a}\\u{1b}[2J\" is not a name; a name is a lower-case letter,"
                                + " then lower-case letters, digits and hyphens"),
                new Case(
                        "a letter of another script",
                        Samples.with("  support-bot:", "  b\u00f6t:"),
                        "shop.yaml:13:3: \"b\u00f6t\" is not a name; a name is a lower-case letter, then lower-case"
                                + " letters, digits and hyphens"),
                new Case("an agent that just fits", Samples.with("support-bot", longest.substring(1)), ""),
                new Case(
                        "an agent that is too long",
                        Samples.with("support-bot", longest),
                        "shop.yaml:13:3: agent \"" + longest + "\" needs a login called ar_shop_" + longest
                                + "_00000000, which has 64 bytes of at most 63; shorten a name in it by 1"),
                new Case(
                        "a scope that is too long",
                        Samples.SMALL.replace("orders", "o".repeat(60)),
                        "shop.yaml:14:90: scope \"" + "o".repeat(60) + "\" needs a role called ar_shop_"
                                + "o".repeat(60)
                                + "_explore, which has 76 bytes of at most 63; shorten a name in it by 13"));
    }

    static Stream<Case> references() {
        return Stream.of(
                new Case(
                        "database",
                        Samples.with("    database: shop", "    database: shopp"),
                        "shop.yaml:10:15: unknown database \"shopp\"; did you mean \"shop\"?"),
                new Case(
                        "scope",
                        Samples.with("scope: orders", "scope: sessions"),
                        "shop.yaml:14:22: unknown scope \"sessions\"; known: orders"),
                new Case(
                        "scope where there is none",
                        Samples.with("""
                                scopes:
                                  orders:
                                    database: shop
                                    include: [app.orders]
                                """, "scopes: {}\n"),
                        "shop.yaml:11:22: unknown scope \"orders\"; there is none yet"),
                new Case(
                        "tier",
                        Samples.with("tier: explore", "tier: explorer"),
                        "shop.yaml:14:36: unknown tier \"explorer\"; did you mean \"explore\"?"),
                new Case(
                        "tier that the engine does not have",
                        Samples.with("tier: explore", "tier: writer, rows: 10"),
                        "shop.yaml:14:36: tier \"writer\" is not available on postgresql yet; available: explore,"
                                + " ddl-denied"),
                new Case(
                        "rows for a tier that has none",
                        Samples.with("tier: explore", "tier: explore, rows: 10"),
                        "shop.yaml:14:45: rows has no meaning for tier \"explore\"; only \"writer\" has limits"),
                new Case(
                        "engine",
                        Samples.with("engine: postgresql", "engine: postgres"),
                        "shop.yaml:5:13: unknown engine \"postgres\"; did you mean \"postgresql\"?"),
                new Case(
                        "hardening",
                        Samples.with("engine: postgresql", "engine: postgresql\n    harden: [public-tmp, public-temp]"),
                        "shop.yaml:6:14: unknown hardening of postgresql \"public-tmp\"; did you mean \"public-temp\"?"),
                new Case(
                        "hardening twice",
                        Samples.with(
                                "engine: postgresql", "engine: postgresql\n    harden: [public-temp, public-temp]"),
                        "shop.yaml:6:27: \"public-temp\" is there twice"),
                new Case(
                        "scope twice",
                        Samples.with(
                                "[{scope: orders, tier: explore}]",
                                "[{scope: orders, tier: explore}, {scope: orders, tier: ddl-denied}]"),
                        "shop.yaml:14:46: scope \"orders\" is there twice in agents.support-bot.access; keep the entry"
                                + " with the tier that the agent needs"),
                new Case(
                        "agent without access",
                        Samples.with("[{scope: orders, tier: explore}]", "[]"),
                        "shop.yaml:14:13: agents.support-bot.access is empty; give at least one entry"),
                new Case(
                        "waiver of an agent that is not there",
                        waiver("finding: PUBLIC-TEMP, agent: suport-bot, reason: old, by: me, until: 2027-01-31"),
                        "shop.yaml:16:35: unknown agent \"suport-bot\"; did you mean \"support-bot\"?"));
    }

    static Stream<Case> futures() {
        return Stream.of(
                new Case(
                        "of a part of a schema",
                        Samples.with("[app.orders]", "[app.orders, app.*]\n    future: true"),
                        "shop.yaml:11:15: future: true covers whole schemas, and \"app.orders\" names a part of one;"
                                + " write the schema with .*, or leave future out: later tables come with the next apply"),
                new Case(
                        "of a schema with holes",
                        Samples.with("[app.orders]", "[app.*]\n    exclude: [app.audit_*]\n    future: true"),
                        "shop.yaml:9:3: future: true gives every later table of schema app, and an exclude with a"
                                + " wildcard holds some of them back; leave future out: later tables come with the next"
                                + " apply"),
                new Case(
                        "where there are no default privileges",
                        Samples.SMALL
                                .replace("engine: postgresql", "engine: mysql")
                                .replace("[app.orders]", "[app.*]\n    future: true"),
                        "shop.yaml:9:3: future: true needs default privileges, which mysql does not have; leave future"
                                + " out: later tables come with the next apply"));
    }

    static Stream<Case> waivers() {
        return Stream.of(
                new Case("without who, why and until when", waiver("finding: PUBLIC-TEMP"), """
                        shop.yaml:16:5: waivers[0] has no "reason"
                        shop.yaml:16:5: waivers[0] has no "by"
                        shop.yaml:16:5: waivers[0] has no "until\""""),
                new Case(
                        "a code that is none",
                        waiver("finding: PUBLIC-TMP, reason: old, by: me, until: 2027-01-31"),
                        "shop.yaml:16:15: unknown finding \"PUBLIC-TMP\"; did you mean \"PUBLIC-TEMP\"?"),
                new Case(
                        "a day that is none",
                        waiver("finding: PUBLIC-TEMP, reason: old, by: me, until: 2027-02-30"),
                        "shop.yaml:16:56: waivers[0].until must be a date such as 2027-01-31, not \"2027-02-30\""));
    }

    static Stream<Case> secrets() {
        return Stream.of(
                new Case(
                        "password in clear",
                        Samples.with("{env: PASSWORD}", "hunter2"),
                        "shop.yaml:7:46: databases.shop.admin.password stands in clear in the profile; write {env:"
                                + " NAME}, {file: path} or {vault: path#field}, and change the secret if anybody may"
                                + " have seen this file"),
                new Case(
                        "password of digits",
                        Samples.with("{env: PASSWORD}", "12345678"),
                        "shop.yaml:7:46: databases.shop.admin.password stands in clear in the profile; write {env:"
                                + " NAME}, {file: path} or {vault: path#field}, and change the secret if anybody may"
                                + " have seen this file"),
                new Case(
                        "password in a list",
                        Samples.with("{env: PASSWORD}", "[hunter2]"),
                        "shop.yaml:7:46: databases.shop.admin.password must be {env: NAME}, {file: path} or {vault:"
                                + " path#field}, not a list"),
                new Case(
                        "no source",
                        Samples.with("{env: PASSWORD}", "{}"),
                        "shop.yaml:7:46: databases.shop.admin.password must have exactly one source; write {env:"
                                + " NAME}, {file: path} or {vault: path#field}"),
                new Case(
                        "two sources",
                        Samples.with("{env: PASSWORD}", "{env: PASSWORD, file: password}"),
                        "shop.yaml:7:46: databases.shop.admin.password must have exactly one source; write {env:"
                                + " NAME}, {file: path} or {vault: path#field}"),
                new Case(
                        "source that there is not",
                        Samples.with("{env: PASSWORD}", "{evn: PASSWORD}"),
                        "shop.yaml:7:47: unknown key in databases.shop.admin.password \"evn\"; did you mean \"env\"?"),
                new Case(
                        "field of the store without a field",
                        Samples.with("{env: PASSWORD}", "{vault: ops/shop}"),
                        "shop.yaml:7:54: databases.shop.admin.password.vault must be path#field, not \"ops/shop\""),
                new Case(
                        "store opened by itself",
                        "vault: {auth: {method: token, token: {vault: ops/token#value}}}\n" + Samples.SMALL,
                        "shop.yaml:1:38: vault.auth.token cannot come from the store that it opens; write {env: NAME}"
                                + " or {file: path}"),
                new Case(
                        "url of another engine",
                        Samples.with("jdbc:postgresql:", "jdbc:mysql:"),
                        "shop.yaml:6:10: this URL does not begin with jdbc:postgresql:"));
    }

    static Stream<Case> stores() {
        return Stream.of(
                new Case(
                        "two stores",
                        "vault: {mount: kv}\nstore: {file: {path: logins.age, identity: {env: KEY}}}\n" + Samples.SMALL,
                        "shop.yaml:2:1: the profile has both \"vault\" and \"store\"; keep the one that agents read"
                                + " their login from"),
                new Case(
                        "path that two agents would share",
                        "vault: {path: 'agents/{environment}/{database}-{agent}'}\n" + Samples.SMALL,
                        "shop.yaml:1:15: vault.path \"agents/{environment}/{database}-{agent}\" has no segment"
                                + " {database}, {agent}; for example agents/{environment}/{database}/{agent}"),
                new Case(
                        "path that begins with a database",
                        "vault: {path: '{database}/{environment}/{agent}'}\n" + Samples.SMALL,
                        "shop.yaml:1:15: vault.path \"{database}/{environment}/{agent}\" has a placeholder before"
                                + " {environment}: no folder would hold this environment alone; for example"
                                + " agents/{environment}/{database}/{agent}"),
                new Case(
                        "path out of the mount",
                        "vault: {path: '../{environment}/{database}/{agent}'}\n" + Samples.SMALL,
                        "shop.yaml:1:15: vault.path has the segment \"..\"; between slashes use letters, digits, _ ."
                                + " and -"),
                new Case(
                        "login that there is not",
                        "vault: {auth: {method: userpass}}\n" + Samples.SMALL,
                        "shop.yaml:1:24: unknown auth method \"userpass\"; known: token, approle"),
                new Case(
                        "login without a method",
                        "vault: {auth: {token: {env: TOKEN}}}\n" + Samples.SMALL,
                        "shop.yaml:1:9: vault.auth has no \"method\""),
                new Case(
                        "AppRole with the keys of a token",
                        "vault: {auth: {method: approle, token: {env: TOKEN}}}\n" + Samples.SMALL,
                        """
                        shop.yaml:1:9: vault.auth has no "role_id"
                        shop.yaml:1:9: vault.auth has no "secret_id"
                        shop.yaml:1:33: unknown key in vault.auth "token"; known: method, role_id, secret_id, mount"""));
    }

    static Stream<Case> patterns() {
        return Stream.of(
                new Case(
                        "one part",
                        Samples.with("[app.orders]", "[orders]"),
                        "shop.yaml:11:15: \"orders\" has one part; write schema.table, or schema.table.column to"
                                + " exclude a column"),
                new Case(
                        "four parts",
                        Samples.with("[app.orders]", "[shop.app.orders.id]"),
                        "shop.yaml:11:15: \"shop.app.orders.id\" has more than three parts; write schema.table, or"
                                + " schema.table.column to exclude a column"),
                new Case(
                        "a column to include",
                        Samples.with("[app.orders]", "[app.orders.id]"),
                        "shop.yaml:11:15: \"app.orders.id\" names a column; include the table and exclude the columns"
                                + " that are not to be read"),
                new Case(
                        "a part that is missing",
                        Samples.with("[app.orders]", "[app..orders]"),
                        "shop.yaml:11:19: in the pattern \"app..orders\" a name is missing"),
                new Case(
                        "a dot at the end",
                        Samples.with("[app.orders]", "['app.']"),
                        "shop.yaml:11:20: in the pattern \"app.\" a name is missing"),
                new Case(
                        "a quote that is not closed",
                        Samples.with("[app.orders]", "['app.\"orders']"),
                        "shop.yaml:11:20: in the pattern \"app.\"orders\" the quote is not closed"),
                new Case(
                        "nothing between quotes",
                        Samples.with("[app.orders]", "['app.\"\"']"),
                        "shop.yaml:11:20: in the pattern \"app.\"\"\" there is nothing between the quotes"),
                new Case(
                        "text after a quote",
                        Samples.with("[app.orders]", "['app.\"orders\"_2']"),
                        "shop.yaml:11:28: in the pattern \"app.\"orders\"_2\" a dot is missing after the closing quote"),
                new Case(
                        "a quote in the middle",
                        Samples.with("[app.orders]", "['app.or\"ders']"),
                        "shop.yaml:11:22: in the pattern \"app.or\"ders\" a name with quotes or spaces must be in"
                                + " double quotes as a whole"),
                new Case(
                        "a space after letters outside the basic plane",
                        Samples.with("[app.orders]", "['app.\ud83d\ude00 x']"),
                        "shop.yaml:11:21: in the pattern \"app.\ud83d\ude00 x\" a name with quotes or spaces must be"
                                + " in double quotes as a whole"),
                new Case(
                        "escapes in the YAML text, where only its beginning is known",
                        Samples.with("[app.orders]", "[\"app.\\u006fr ders\"]"),
                        "shop.yaml:11:15: in the pattern \"app.or ders\" a name with quotes or spaces must be in"
                                + " double quotes as a whole"),
                new Case(
                        "a zero byte",
                        Samples.with("[app.orders]", "[\"app.\\0\"]"),
                        "shop.yaml:11:15: scopes.orders.include[0] holds the control character U+0000; write one line"
                                + " of text"));
    }

    @ParameterizedTest
    @MethodSource({
        "notOneYamlDocument",
        "keys",
        "types",
        "leases",
        "names",
        "references",
        "futures",
        "waivers",
        "secrets",
        "stores",
        "patterns"
    })
    void everyProblemIsToldWithItsPlace(Case bad) {
        assertThat(Readers.problemsOf(bad.text())).isEqualTo(bad.problems());
    }

    private static String lease(String terms) {
        return Samples.SMALL + "    lease: " + terms + "\n";
    }

    private static String waiver(String waiver) {
        return Samples.SMALL + "waivers:\n  - {" + waiver + "}\n";
    }
}
