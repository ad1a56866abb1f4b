package dev.agentroles.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.SessionBounds;
import dev.agentroles.access.Tier;
import dev.agentroles.problem.Position;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ProfileReaderTest {
    private static final String DESIGN = """
            # yaml-language-server: $schema=profile.schema.json
            version: 1
            environment: production

            vault:                                  # address and token default to BAO_* then VAULT_* variables
              address: https://vault.example.com:8200
              auth: {method: approle, role_id: {env: ROLE_ID}, secret_id: {file: /run/secrets/secret-id}}
              mount: secret                         # KV version 2
              path: agents/{environment}/{database}/{agent}

            databases:
              shop:
                engine: postgresql
                url: jdbc:postgresql://db1.example.com:5432/shop?sslmode=verify-full
                admin: {username: provisioner, password: {vault: ops/shop#password}}
                identity: "7438291048211110"        # PostgreSQL system identifier, MySQL server UUID
                harden: [public-temp, public-create]

            scopes:
              orders:
                database: shop
                include: [app.orders, app.order_lines, "app.product_*"]
                exclude: [app.product_cost, app.orders.card_number]     # a table, or one column of a table
              sessions:
                database: shop
                include: [app.user_sessions]

            agents:
              support-bot:
                owner: team-support@example.com
                purpose: answers questions about orders
                access: [{scope: orders, tier: explore}]
                lease: {ttl: 1h, overlap: 10m, connections: 5}
              session-janitor:
                owner: team-platform@example.com
                purpose: removes expired sessions
                access: [{scope: sessions, tier: writer, rows: 1000}]
                lease: {ttl: 15m, overlap: 2m, connections: 2}

            waivers:
              - {finding: PUBLIC-TEMP, database: shop, reason: legacy reports need it, by: dba@example.com, until: 2027-01-31}
            """;

    private static Position at(int line, int column) {
        return new Position("shop.yaml", line, column);
    }

    @Test
    void theProfileOfTheDesignIsReadWhole() {
        var profile = Readers.WITH_WRITER.read("shop.yaml", DESIGN);

        assertThat(profile)
                .isEqualTo(new Profile(
                        "shop.yaml",
                        "production",
                        at(3, 14),
                        new Profile.VaultEntry(
                                Optional.of(new Value.Literal("https://vault.example.com:8200", at(6, 12))),
                                Optional.empty(),
                                Optional.empty(),
                                new Profile.VaultLogin.AppRole(
                                        "approle",
                                        new Value.Env("ROLE_ID", at(7, 36)),
                                        new Value.File("/run/secrets/secret-id", at(7, 63))),
                                "secret",
                                "agents/{environment}/{database}/{agent}",
                                at(5, 1)),
                        Map.of(
                                "shop",
                                new Profile.DatabaseEntry(
                                        "shop",
                                        "postgresql",
                                        new Value.Literal(
                                                "jdbc:postgresql://db1.example.com:5432/shop?sslmode=verify-full",
                                                at(14, 10)),
                                        Optional.empty(),
                                        new Value.Literal("provisioner", at(15, 23)),
                                        new Value.Vault("ops/shop", "password", at(15, 46)),
                                        List.of(new Value.Literal("7438291048211110", at(16, 15))),
                                        List.of(
                                                new Profile.Hardening("public-temp", at(17, 14)),
                                                new Profile.Hardening("public-create", at(17, 27))),
                                        List.of(),
                                        Optional.empty(),
                                        Profile.Tls.VERIFIED,
                                        Optional.empty(),
                                        at(12, 3))),
                        Map.of(
                                "orders",
                                new Profile.Scope(
                                        "orders",
                                        "shop",
                                        List.of(
                                                pattern("app.orders", "app", "orders", at(22, 15)),
                                                pattern("app.order_lines", "app", "order_lines", at(22, 27)),
                                                pattern("app.product_*", "app", "product_*", at(22, 44))),
                                        List.of(
                                                pattern("app.product_cost", "app", "product_cost", at(23, 15)),
                                                new Pattern(
                                                        "app.orders.card_number",
                                                        new Pattern.Part("app", false),
                                                        new Pattern.Part("orders", false),
                                                        Optional.of(new Pattern.Part("card_number", false)),
                                                        at(23, 33))),
                                        false,
                                        at(20, 3)),
                                "sessions",
                                new Profile.Scope(
                                        "sessions",
                                        "shop",
                                        List.of(pattern("app.user_sessions", "app", "user_sessions", at(26, 15))),
                                        List.of(),
                                        false,
                                        at(24, 3))),
                        Map.of(
                                "support-bot",
                                new Profile.Agent(
                                        "support-bot",
                                        Optional.of("team-support@example.com"),
                                        Optional.of("answers questions about orders"),
                                        List.of(new Profile.Access(
                                                "orders", Tier.EXPLORE, Profile.WriteLimits.NONE, at(32, 36))),
                                        new Profile.LeaseTerms(
                                                Duration.ofHours(1), Duration.ofMinutes(10), 5, SessionBounds.NONE),
                                        false,
                                        at(29, 3)),
                                "session-janitor",
                                new Profile.Agent(
                                        "session-janitor",
                                        Optional.of("team-platform@example.com"),
                                        Optional.of("removes expired sessions"),
                                        List.of(new Profile.Access(
                                                "sessions",
                                                Tier.WRITER,
                                                new Profile.WriteLimits(
                                                        OptionalInt.of(1000),
                                                        OptionalInt.empty(),
                                                        OptionalInt.empty(),
                                                        Optional.empty(),
                                                        false),
                                                at(37, 38))),
                                        new Profile.LeaseTerms(
                                                Duration.ofMinutes(15), Duration.ofMinutes(2), 2, SessionBounds.NONE),
                                        false,
                                        at(34, 3))),
                        List.of(new Profile.Waiver(
                                "PUBLIC-TEMP",
                                Optional.of("shop"),
                                Optional.empty(),
                                "legacy reports need it",
                                "dba@example.com",
                                LocalDate.of(2027, 1, 31),
                                at(41, 5))),
                        List.of()));
    }

    @Test
    void aTierThatTheEngineDoesNotHaveYetIsRefusedByName() {
        assertThat(Readers.problemsOf(DESIGN))
                .isEqualTo("shop.yaml:37:38: tier \"writer\" is not available on postgresql yet;"
                        + " available: explore, ddl-denied");
    }

    @Test
    void theSmallestProfileGetsTheDefaults() {
        var profile = Readers.READER.read("shop.yaml", Samples.SMALL);

        assertThat(profile.store())
                .isEqualTo(new Profile.VaultEntry(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        new Profile.VaultLogin.Token(Optional.empty()),
                        "secret",
                        "agents/{environment}/{database}/{agent}",
                        at(1, 1)));
        assertThat(profile.agents().values())
                .extracting(Profile.Agent::lease)
                .containsExactly(Profile.LeaseTerms.DEFAULT);
    }

    @Test
    void aShortLeaseGetsAShortOverlap() {
        var profile = Readers.READER.read("shop.yaml", Samples.SMALL + "    lease: {ttl: 3m, max_session: 1h30m}\n");

        assertThat(profile.agents().values())
                .extracting(Profile.Agent::lease)
                .containsExactly(new Profile.LeaseTerms(
                        Duration.ofMinutes(3),
                        Duration.ofSeconds(30),
                        5,
                        new SessionBounds(Optional.empty(), Optional.empty(), Optional.of(Duration.ofMinutes(90)))));
    }

    @Test
    void loginsMayGoToAnEncryptedFile() {
        var profile = Readers.READER.read(
                "shop.yaml", "store: {file: {path: logins.age, identity: {env: KEY}}}\n" + Samples.SMALL);

        assertThat(profile.store())
                .isEqualTo(new Profile.FileEntry("logins.age", new Value.Env("KEY", at(1, 44)), at(1, 1)));
    }

    @Test
    void quotesMakeEveryNameANameAndNothingElse() {
        var profile = Readers.READER.read(
                "shop.yaml", Samples.with("[app.orders]", "['\"my app\".\"we.ird \"\"na*e\"\"\"', \u00e4pp.t?ble-*]"));

        assertThat(profile.scopes().values())
                .flatExtracting(Profile.Scope::include)
                .containsExactly(
                        new Pattern(
                                "\"my app\".\"we.ird \"\"na*e\"\"\"",
                                new Pattern.Part("my app", true),
                                new Pattern.Part("we.ird \"na*e\"", true),
                                Optional.empty(),
                                at(11, 15)),
                        new Pattern(
                                "\u00e4pp.t?ble-*",
                                new Pattern.Part("\u00e4pp", false),
                                new Pattern.Part("t?ble-*", false),
                                Optional.empty(),
                                at(11, 45)));
    }

    @Test
    void whatNobodyUsesIsANotice() {
        var profile = Readers.READER.read("shop.yaml", """
                        version: 1
                        environment: staging
                        databases:
                          old:
                            engine: postgresql
                            url: jdbc:postgresql:old
                            admin: {username: me, password: {env: OLD}}
                          shop:
                            engine: postgresql
                            url: jdbc:postgresql:shop
                            admin: {username: me, password: {env: PASSWORD}}
                        scopes:
                          spare: {database: shop, include: [app.spare]}
                        agents: {}
                        """);

        assertThat(profile.notices())
                .extracting(Object::toString)
                .containsExactly(
                        "shop.yaml:13:3: no agent uses scope \"spare\"",
                        "shop.yaml:4:3: no scope is in database \"old\"");
    }

    @Test
    void anApproverIsAKeyWithTheNameOfItsOwner() {
        var key = "AAAAC3NzaC1lZDI1NTE5AAAAIHUjJdGxv7p5R0m3Yy3Rk8cYH3yYq1Jv0m8o3p1Zk2aB";
        var changes =
                "    changes: {username: owner, password: {env: OWNER}, approvers: [\"ssh-ed25519 %s Alice of the desk\"]}\n"
                        .formatted(key);
        var profile = Readers.READER.read(
                "shop.yaml", Samples.SMALL.replace("{env: PASSWORD}}\n", "{env: PASSWORD}}\n" + changes));

        assertThat(profile.databases()
                        .values()
                        .iterator()
                        .next()
                        .changes()
                        .orElseThrow()
                        .approvers())
                .singleElement()
                .satisfies(approver -> {
                    assertThat(approver.key()).isEqualTo(key);
                    assertThat(approver.name()).isEqualTo("Alice of the desk");
                });
    }

    @Test
    void whoAsksForChangesThatNobodyCouldMakeIsNoticed() {
        var asking = Samples.SMALL + "    request_changes: true\n";
        var made = asking.replace(
                "{env: PASSWORD}}\n", "{env: PASSWORD}}\n    changes: {username: owner, password: {env: OWNER}}\n");

        assertThat(Readers.READER.read("shop.yaml", asking).notices())
                .extracting(Object::toString)
                .containsExactly(
                        "shop.yaml:13:3: agent \"support-bot\" may ask for schema changes, and nobody could make"
                                + " one: database shop has no changes; say who makes them: changes: {username: ..., password: ...}");
        assertThat(Readers.READER.read("shop.yaml", made).notices()).isEmpty();
    }

    @Test
    void allProblemsAreToldAtOnceInTheOrderOfTheFile() {
        assertThat(Readers.problemsOf("""
                        version: 1
                        environment: Staging
                        databases:
                          shop:
                            engine: postgres
                            url: {env: URL}
                            admin: {username: me, password: sesame}
                        scopes:
                          orders:
                            databse: shop
                            include: [orders]
                        agents:
                          support-bot:
                            access: [{scope: order, tier: read}]
                        """)).isEqualTo("""
                        shop.yaml:2:14: "Staging" is not a name; a name is a lower-case letter, then lower-case letters, \
                        digits and hyphens
                        shop.yaml:5:13: unknown engine "postgres"; did you mean "postgresql"?
                        shop.yaml:7:37: databases.shop.admin.password stands in clear in the profile; write {env: NAME}, \
                        {file: path} or {vault: path#field}, and change the secret if anybody may have seen this file
                        shop.yaml:9:3: scopes.orders has no "database"
                        shop.yaml:10:5: unknown key in scopes.orders "databse"; did you mean "database"?
                        shop.yaml:11:15: "orders" has one part; write schema.table, or schema.table.column to exclude a \
                        column
                        shop.yaml:14:22: unknown scope "order"; did you mean "orders"?
                        shop.yaml:14:35: unknown tier "read"; known: explore, writer, ddl-denied""");
    }

    @Test
    void aFileThatIsWrongEverywhereIsNotToldInFull() {
        var text = Samples.SMALL
                + IntStream.range(0, 150)
                        .mapToObj("  agent%d: {access: []}\n"::formatted)
                        .collect(Collectors.joining());

        assertThat(Readers.problemsOf(text).lines()).hasSize(101).endsWith("and 50 more problems in this file");
    }

    private static Pattern pattern(String text, String schema, String relation, Position at) {
        return new Pattern(
                text, new Pattern.Part(schema, false), new Pattern.Part(relation, false), Optional.empty(), at);
    }

    /// The server keeps them in lower case: another spelling would be another host to whoever compares.
    @Test
    void namesOfHostsHaveNoCase() {
        var text = Samples.with("engine: postgresql", """
                engine: mysql
                    hosts: [LOCALHOST, Db1.Example.COM, %s]""")
                .replace("jdbc:postgresql://localhost/shop", "jdbc:mysql://localhost/shop");

        var hosts = Readers.WITH_WRITER.read("shop.yaml", text.formatted("10.1.%")).databases().values().stream()
                .flatMap(database -> database.hosts().stream())
                .map(Profile.Host::text)
                .toList();

        assertThat(hosts).containsExactly("localhost", "db1.example.com", "10.1.%");
        assertThat(Readers.problemsOf(text.formatted("db1.example.com"))).contains("is there twice");
    }
}
