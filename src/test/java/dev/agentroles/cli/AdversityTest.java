package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Secret;
import dev.agentroles.credential.StorePath;
import dev.agentroles.credential.vault.VaultPolicies;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.OnOldestAndNewestPostgreSql;
import dev.agentroles.harness.OpenBao;
import dev.agentroles.harness.OpenBaoServer;
import dev.agentroles.harness.PostgreSql;
import dev.agentroles.harness.TlsProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What goes wrong around the program: servers that are down, refuse, or are not the right ones, and names that
/// somebody chose to do harm.
@OnOldestAndNewestPostgreSql
final class AdversityTest {
    private static final String AGENTS = """
            agents:
              support-bot: {access: [{scope: orders, tier: explore}]}
            """;

    private final Path directory;

    @AutoClose
    private final Database database;

    private final Login administrator;
    private final Operator operator;

    AdversityTest(PostgreSql server, @TempDir Path directory) throws SQLException {
        this.directory = directory;
        database = server.createDatabase();
        database.execute("CREATE SCHEMA app", "CREATE TABLE app.orders (id int)");
        administrator = database.administratorWithGrantOptions("app");
        database.execute("GRANT CONNECT ON DATABASE %s TO %s WITH GRANT OPTION"
                .formatted(database.name(), administrator.username()));
        operator = new Operator(directory, database, administrator);
    }

    @BeforeEach
    void aProfileIsThere() throws IOException {
        operator.write("shop.yaml", operator.head("production") + scope("app.orders") + AGENTS);
    }

    private String scope(String... include) {
        return "scopes:\n  orders:\n    database: " + database.name() + "\n    include:\n"
                + Stream.of(include).map("      - %s\n"::formatted).collect(Collectors.joining());
    }

    private static int unusedPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private List<String> rolesOfOurs() throws SQLException {
        return database.query(
                "SELECT rolname FROM pg_roles WHERE starts_with(rolname, 'ar_%s_')".formatted(database.name()));
    }

    @Test
    void aWrongPasswordIsSaidWithoutIt() {
        operator.set("DB_PASSWORD", "not-the-password");

        var said = operator.run("plan", "shop.yaml");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err())
                .contains("refused the password of " + administrator.username())
                .contains("check this login's username and password")
                .doesNotContain("not-the-password");
    }

    @Test
    void aServerThatIsDownIsNamedWithItsAddress() throws IOException {
        int port = unusedPort();
        operator.set("DB_URL", "jdbc:postgresql://127.0.0.1:" + port + "/shop");

        var said = operator.run("plan", "shop.yaml");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).contains("127.0.0.1:" + port + "/shop cannot be reached");
    }

    /// RFC 6761 keeps this name from ever being known.
    @Test
    void aHostThatNobodyKnowsIsSaidToBeUnknown() {
        operator.set("DB_URL", "jdbc:postgresql://db.invalid:5432/shop?sslmode=verify-full");

        var said = operator.run("plan", "shop.yaml");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err())
                .contains("db.invalid:5432/shop cannot be reached: its host is not known: db.invalid")
                .contains("check the host of the URL");
    }

    @Test
    void aServerWithoutTlsIsNotTalkedToWhereTlsIsAskedFor() {
        operator.set("DB_URL", database.url() + "?sslmode=verify-full");

        var said = operator.run("plan", "shop.yaml");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err())
                .contains("database " + database.name() + " at ")
                .contains("cannot be reached with TLS")
                .contains("check that ssl is on at the server");
    }

    @Test
    void aServerThatCannotProveWhoItIsIsNotTalkedTo() throws Exception {
        var address = URI.create(database.url().substring("jdbc:".length()));
        try (var tls = new TlsProxy(address.getHost(), address.getPort(), directory, "localhost");
                var foreign = new TlsProxy(address.getHost(), address.getPort(), directory, "elsewhere")) {
            assertThat(planOver(tls, "localhost", foreign.certificate()))
                    .contains("did not prove who it is")
                    .contains("name the authority that signed its certificate with sslrootcert=FILE");
            assertThat(planOver(tls, "127.0.0.1", tls.certificate()))
                    .contains("showed a certificate for another host")
                    .contains("write the host in the URL as the certificate names it");
            assertThat(planOver(tls, "localhost", directory.resolve("missing.crt")))
                    .contains("cannot be reached with TLS")
                    .contains("missing.crt");

            assertThat(planOver(tls, "localhost", tls.certificate())).isEmpty();
        }
    }

    /// What a plan says of a server; nothing if it gets through.
    private String planOver(TlsProxy tls, String host, Path authority) {
        operator.set(
                "DB_URL",
                "jdbc:postgresql://%s:%d/%s?sslmode=verify-full&sslrootcert=%s"
                        .formatted(host, tls.port(), database.name(), authority));
        var said = operator.run("plan", "shop.yaml");
        assertThat(said.code()).as(said.err()).isEqualTo(said.err().isEmpty() ? 2 : 1);
        return said.err();
    }

    @Test
    void anotherServerThanThePinnedOneIsRefused() throws IOException {
        operator.write(
                "pinned.yaml",
                operator.head("production") + "    identity: \"1234567890\"\n" + scope("app.orders") + AGENTS);

        var said = operator.run("apply", "pinned.yaml", "--yes");

        assertThat(said.code()).isEqualTo(3);
        assertThat(said.err()).contains("server identity 1234567890").contains("the server that answered is");
    }

    /// A replica of MySQL or MariaDB that was promoted has an identity of its own, and so has a PostgreSQL after
    /// pg_upgrade.
    @Test
    void aServerThatTookTheOthersPlaceIsAcceptedWhereTheProfileNamesBoth() throws SQLException, IOException {
        assertThat(operator.run("apply", "shop.yaml", "--yes").code()).isZero();
        var server =
                database.query("SELECT server_identifier FROM agentroles.stamp").getFirst();
        database.execute("UPDATE agentroles.stamp SET server_identifier = 'failed'");
        var both = "identity: [\"failed\", \"%s\"]".formatted(server);

        for (var command : List.of("plan", "rotate", "reap", "status")) {
            var said = operator.run(command, "shop.yaml");
            assertThat(said.code()).as(said.err()).isEqualTo(3);
            assertThat(said.err()).contains("is stamped on server failed").contains("write " + both);
        }

        operator.write("shop.yaml", operator.head("production") + "    " + both + "\n" + scope("app.orders") + AGENTS);
        for (var command : List.of("plan shop.yaml", "rotate shop.yaml --all", "freeze shop.yaml --reason drill")) {
            var said = operator.run(command.split(" "));
            assertThat(said.code()).as(said.err()).isZero();
        }
    }

    @Test
    void anotherDatabaseThanTheStampedOneIsRefused() throws SQLException {
        assertThat(operator.run("apply", "shop.yaml", "--yes").code()).isZero();
        database.execute("UPDATE agentroles.stamp SET database_name = 'elsewhere'");

        var said = operator.run("plan", "shop.yaml");

        assertThat(said.code()).isEqualTo(3);
        assertThat(said.err()).contains("stamped as database elsewhere");
    }

    @Test
    void anAccountOfTheSameNameThatIsNotOursIsNeverTouched() throws SQLException {
        var taken = "ar_" + database.name() + "_support-bot";
        database.execute("CREATE ROLE \"" + taken + "\" LOGIN");

        var said = operator.run("apply", "shop.yaml", "--yes");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).contains("role \"" + taken + "\" is taken: agentroles did not make it");
        assertThat(database.query("SELECT rolcanlogin FROM pg_roles WHERE rolname = '" + taken + "'"))
                .containsExactly("t");
    }

    @Test
    void namesAreData() throws Exception {
        database.execute(
                "CREATE TABLE app.\"o\"\"; DROP TABLE app.orders; --\" (\"c'; DROP TABLE app.orders; --\" int)",
                "CREATE TABLE app.\"line\nbreak\" (id int)",
                "CREATE TABLE app.\"größe \\ %_\" (id int)",
                "CREATE TABLE app.\"" + "x".repeat(63) + "\" (id int)",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA app TO " + administrator.username()
                        + " WITH GRANT OPTION");
        operator.write("shop.yaml", operator.head("production") + scope("\"app.*\"") + AGENTS);

        var applied = operator.run("apply", "shop.yaml", "--yes", "--no-verify");
        assertThat(applied.code()).as(applied.err()).isZero();
        var plan = operator.run("plan", "shop.yaml");
        assertThat(plan.code()).as(plan.out() + plan.err()).isZero();
        var verified = operator.run("verify", "shop.yaml", "--fail-on", "high");

        assertThat(verified.code()).as(verified.out()).isZero();
        assertThat(database.query(
                        "SELECT count(*) FROM pg_class c, aclexplode(c.relacl) x JOIN pg_roles r ON r.oid = x.grantee"
                                + " WHERE r.rolname = 'ar_" + database.name() + "_orders_explore' AND c.relkind = 'r'"))
                .containsExactly("5");
    }

    @Test
    void severalAppliesAtOnceEndAsIfOneHadFollowedTheOther() throws Exception {
        List<Integer> codes;
        try (var pool = Executors.newFixedThreadPool(4)) {
            codes = pool
                    .invokeAll(IntStream.range(0, 4)
                            .<Callable<Integer>>mapToObj(
                                    _ -> () -> operator.run("apply", "shop.yaml", "--yes", "--no-verify")
                                            .code())
                            .toList())
                    .stream()
                    .map(Future::resultNow)
                    .toList();
        }

        assertThat(codes).containsOnly(0);
        assertThat(operator.run("plan", "shop.yaml").code()).isZero();
        assertThat(rolesOfOurs()).hasSize(3);
    }

    @Test
    void whereVaultIsDownNothingIsWrittenToTheDatabase() throws Exception {
        operator.set("VAULT_ADDR", "http://127.0.0.1:" + unusedPort());
        operator.set("VAULT_TOKEN", "a-token");
        operator.write("vault.yaml", operator.headWithVault("production", "secret") + scope("app.orders") + AGENTS);

        var said = operator.run("apply", "vault.yaml", "--yes");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).contains("nothing answers at Vault's address").doesNotContain("a-token");
        assertThat(rolesOfOurs()).isEmpty();
        assertThat(database.query("SELECT 1 FROM pg_namespace WHERE nspname = 'agentroles'"))
                .isEmpty();
    }

    @Test
    void whereVaultIsSealedNothingIsWrittenToTheDatabase() throws Exception {
        var server = OpenBaoServer.sealable(Files.createDirectory(directory.resolve("bao")));
        try (server) {
            server.seal();
            vault(server, server.rootToken(), "secret");

            var said = operator.run("apply", "vault.yaml", "--yes");

            assertThat(said.code()).isEqualTo(1);
            assertThat(said.err()).containsIgnoringCase("sealed");
            assertThat(rolesOfOurs()).isEmpty();
        }
    }

    @Test
    void whereVaultForbidsToReadNothingIsWrittenToTheDatabase() throws Exception {
        var server = OpenBao.shared();
        var mount = server.newMount(2);
        vault(
                server,
                server.tokenWith("path \"%s/data/elsewhere\" { capabilities = [\"read\"] }".formatted(mount)),
                mount);

        var said = operator.run("apply", "vault.yaml", "--yes");

        assertThat(said.code()).as(said.err()).isEqualTo(1);
        assertThat(said.err()).contains("cannot read agents/production/").contains("lack \"read\"");
        assertThat(rolesOfOurs()).isEmpty();
        assertThat(database.query("SELECT 1 FROM pg_namespace WHERE nspname = 'agentroles'"))
                .isEmpty();
    }

    private void vault(OpenBao server, Secret token, String mount) throws IOException {
        operator.set("VAULT_ADDR", server.address().toString());
        operator.set("VAULT_TOKEN", token.reveal(text -> text));
        operator.write("vault.yaml", operator.headWithVault("production", mount) + scope("app.orders") + AGENTS);
    }

    @Test
    void whatVaultForbidsAfterTheDatabaseWasChangedIsFinishedByTheNextRun() throws Exception {
        var server = OpenBao.shared();
        var mount = server.newMount(2);
        var folder = new StorePath("agents/production");
        var readOnly = """
                path "%1$s/data/agents/production/*" { capabilities = ["read"] }
                path "%1$s/metadata/agents/production/*" { capabilities = ["read", "list"] }
                """.formatted(mount);
        vault(server, server.tokenWith(readOnly), mount);

        var refused = operator.run("apply", "vault.yaml", "--yes", "--no-verify");
        assertThat(refused.code()).as(refused.err()).isEqualTo(4);
        assertThat(refused.out()).contains("capabilities");

        vault(server, server.tokenWith(new VaultPolicies(mount).ofTool(folder, List.of())), mount);
        var finished = operator.run("apply", "vault.yaml", "--yes", "--no-verify");
        assertThat(finished.code()).as(finished.err()).isZero();
        assertThat(operator.run("plan", "vault.yaml").code()).isZero();
        assertThat(rolesOfOurs()).as("tier role, agent role, one login").hasSize(3);
    }
}
