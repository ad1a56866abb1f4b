package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Secret;
import dev.agentroles.credential.vault.VaultSettings;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.OpenBao;
import dev.agentroles.harness.PostgreSql;
import dev.agentroles.harness.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A shop whose agents have their logins in OpenBao, or in an encrypted file: the ground on which things go
/// wrong.
final class Ground implements LeaseGround {
    static final String AGENT = "support-bot";
    static final String OTHER = "order-desk";

    final Database database;
    final Operator operator;
    private final Optional<Mount> mount;

    /// @param vault where logins are published, at a mount of their own
    Ground(Path directory, OpenBao vault) throws SQLException, IOException {
        this(PostgreSql.newest(), directory, vault);
    }

    Ground(PostgreSql server, Path directory, OpenBao vault) throws SQLException, IOException {
        this(server, directory, Optional.of(new Mount(vault.newMount(2), vault.address(), vault.rootToken())));
    }

    /// Logins are published in a file.
    static Ground onFile(Path directory) throws SQLException, IOException {
        return onFile(PostgreSql.newest(), directory);
    }

    static Ground onFile(PostgreSql server, Path directory) throws SQLException, IOException {
        return new Ground(server, directory, Optional.empty());
    }

    private Ground(PostgreSql server, Path directory, Optional<Mount> mount) throws SQLException, IOException {
        database = server.createDatabase();
        database.execute("CREATE SCHEMA app", "CREATE TABLE app.orders AS SELECT 1 AS id");
        var administrator = database.administratorWithGrantOptions("app");
        database.execute("GRANT CONNECT ON DATABASE %s TO %s WITH GRANT OPTION"
                .formatted(database.name(), administrator.username()));
        operator = new Operator(directory, database, administrator);
        this.mount = mount;
        mount.ifPresent(this::reach);
        terms("ttl: 1h, overlap: 10m");
    }

    @Override
    public TestDatabase database() {
        return database;
    }

    @Override
    public String ledger() {
        return "postgresql";
    }

    @Override
    public Operator operator() {
        return operator;
    }

    @Override
    public String agent() {
        return AGENT;
    }

    @Override
    public String other() {
        return OTHER;
    }

    @Override
    public void terms(String terms) throws IOException {
        operator.write("shop.yaml", operator.head("production") + """
                scopes:
                  orders: {database: %1$s, include: [app.orders]}
                agents:
                  support-bot:
                    access: [{scope: orders, tier: explore}]
                    lease: {%2$s, connections: 20}
                  order-desk:
                    access: [{scope: orders, tier: ddl-denied}]
                    lease: {%2$s, connections: 20}
                """.formatted(database.name(), terms));
    }

    /// @param token of the tool
    private record Mount(String name, URI address, Secret token) {}

    private void reach(Mount way) {
        operator.publishTo(new VaultSettings(
                way.address(),
                Optional.empty(),
                Optional.empty(),
                new VaultSettings.Login.Token(way.token()),
                way.name(),
                Duration.ofSeconds(2)));
    }

    /// Another profile of the same database, `many.yaml`, with agents `bot-1`, `bot-2` and so on that read.
    void manyAgents(int count) throws IOException {
        var agents = IntStream.rangeClosed(1, count)
                .mapToObj("  bot-%d: {access: [{scope: orders, tier: explore}]}\n"::formatted)
                .collect(Collectors.joining());
        operator.write("many.yaml", operator.head("production") + """
                scopes:
                  orders: {database: %s, include: [app.orders]}
                agents:
                """.formatted(database.name()) + agents);
    }

    /// Goes to the Vault by another way.
    void reach(URI address) {
        var own = mount.orElseThrow();
        reach(new Mount(own.name(), address, own.token()));
    }

    String mount() {
        return mount.orElseThrow().name();
    }

    /// Logs in to the Vault with another token.
    void as(Secret token) {
        var own = mount.orElseThrow();
        reach(new Mount(own.name(), own.address(), token));
    }

    /// Logs in to the Vault in another way.
    void as(VaultSettings.Login login) {
        var own = mount.orElseThrow();
        operator.publishTo(new VaultSettings(
                own.address(), Optional.empty(), Optional.empty(), login, own.name(), Duration.ofSeconds(2)));
    }

    @Override
    public void expire(String which) throws SQLException {
        database.execute("UPDATE agentroles.lease SET expires_at = now() - interval '1 minute' WHERE " + which);
    }

    /// As if that much time had passed since the leases were issued, for the ledger.
    void later(Duration time) throws SQLException {
        database.execute(
                "UPDATE agentroles.lease SET issued_at = issued_at - interval '%1$s s', expires_at = expires_at - interval '%1$s s'"
                        .formatted(time.toSeconds()));
    }

    @Override
    public void drop(Login login) throws SQLException {
        database.execute("DROP ROLE \"" + login.username() + '"');
    }

    @Override
    public List<String> sessions() throws SQLException {
        return database.query("SELECT pid FROM pg_stat_activity WHERE usename = '"
                + operator.administrator().username() + "'");
    }

    @Override
    public void endSession(String session) throws SQLException {
        database.query("SELECT pg_terminate_backend(%s, 5000)".formatted(session));
    }

    @Override
    public boolean waits() throws SQLException {
        return !database.query("SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = '"
                        + operator.administrator().username() + "'")
                .isEmpty();
    }

    @Override
    public void pause() throws SQLException {
        database.query("SELECT pg_sleep(0.2)");
    }

    /// It owns something.
    @Override
    public AutoCloseable holdBack(String login) throws SQLException {
        database.execute("CREATE TABLE app.mine (id int)", "ALTER TABLE app.mine OWNER TO \"%s\"".formatted(login));
        return () -> database.execute("DROP TABLE app.mine");
    }

    @Override
    public boolean works(Login login) {
        try (var session = database.connect(login)) {
            return session.isValid(5);
        } catch (SQLException refused) {
            return false;
        }
    }

    @Override
    public List<String> owed() throws SQLException {
        return database.query("SELECT work || ' ' || object FROM agentroles.owed ORDER BY 1");
    }

    @Override
    public List<String> logins() throws SQLException {
        return database.query(
                "SELECT rolname FROM pg_roles WHERE starts_with(rolname, 'ar_%s_')".formatted(database.name())
                        + " AND rolname ~ '_[0-9][^_]{7}$' ORDER BY 1");
    }

    @Override
    public void sameLogins(String what) throws SQLException {
        assertThat(database.query(
                        "SELECT rolname || ' ' || rolvaliduntil FROM pg_roles WHERE starts_with(rolname, 'ar_%s_')"
                                        .formatted(database.name())
                                + " AND rolname ~ '_[0-9][^_]{7}$' ORDER BY 1"))
                .as("%s: logins of the server, and those of the ledger", what)
                .isEqualTo(
                        database.query(
                                "SELECT login || ' ' || expires_at FROM agentroles.lease WHERE state = 'PUBLISHED' ORDER BY 1"));
    }
}
