package dev.agentroles.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.cli.Operator;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/// An ordinary application's database (`testdb.sql`) that `agentroles apply` has guarded for one writer. The
/// administrator is no superuser and a member of the tables' owner.
final class Ground implements AutoCloseable {
    static final String AGENT = "janitor";
    static final String READER = "reader";

    final Database database;
    final Login administrator;
    final Login application;
    final Operator operator;

    Ground(PostgreSql server, Path directory) throws SQLException, IOException {
        this(server, directory, "");
    }

    /// @param limits of the writer as the profile has them, with a comma before each: `, rows: 5`
    Ground(PostgreSql server, Path directory, String limits) throws SQLException, IOException {
        this(server.createDatabase(), directory, limits);
    }

    Ground(Database database, Path directory, String limits) throws SQLException, IOException {
        this.database = database;
        application = database.login("app");
        database.execute(
                "CREATE ROLE " + owner(),
                "GRANT %s TO %s".formatted(owner(), application.username()),
                "GRANT CREATE ON DATABASE %s TO %s".formatted(database.name(), owner()));
        database.execute(resource("testdb.sql").replace("{owner}", owner()).replace("{app}", application.username()));
        administrator = database.administratorInheritingFrom(owner());
        database.execute(
                "GRANT USAGE ON SCHEMA public TO %s WITH GRANT OPTION".formatted(administrator.username()),
                "GRANT CONNECT ON DATABASE %s TO %s WITH GRANT OPTION"
                        .formatted(database.name(), administrator.username()));
        operator = new Operator(directory, database, administrator);
        profile(limits);
        apply();
    }

    String owner() {
        return database.role("owner");
    }

    /// The tier role that holds the writes.
    String writer() {
        return "ar_" + database.name() + "_shop_writer";
    }

    void profile(String limits) throws IOException {
        operator.write("shop.yaml", operator.head("production") + access(limits));
    }

    /// Brings one more table into the writer's scope.
    void widen(String table) throws IOException {
        operator.write(
                "shop.yaml",
                operator.head("production")
                        + access("").replace("public.tenant_docs]", "public.tenant_docs, " + table + "]"));
    }

    /// The janitor only reads from now on, and one table.
    void nobodyWrites() throws IOException {
        operator.write("shop.yaml", operator.head("production") + """
                scopes:
                  shop: {database: %1$s, include: [public.customers]}
                agents:
                  %2$s:
                    access: [{scope: shop, tier: explore}]
                """.formatted(database.name(), AGENT));
    }

    private String access(String limits) {
        return """
                scopes:
                  shop:
                    database: %1$s
                    include: [public.customers, public.orders, public.order_items, public.settings, public.config,
                      public.counters, public.categories, public.events, public.event_notes, public.acct, public.inh_parent,
                      public.docs, public.odd, public.comps, public.nopk, public.staging, public.locks, public.queue,
                      public.tenant_docs]
                  stats:
                    database: %1$s
                    include: [public.orders_audit, public.order_stats]
                agents:
                  %2$s:
                    access: [{scope: shop, tier: writer%4$s}, {scope: stats, tier: explore}]
                    lease: {ttl: 1h, connections: 20}
                  %3$s:
                    access: [{scope: stats, tier: explore}]
                """.formatted(database.name(), AGENT, READER, limits);
    }

    void apply() {
        var said = operator.run("apply", "shop.yaml", "--yes", "--no-verify");
        assertThat(said.code()).as(said.out() + said.err()).isZero();
    }

    /// A plan would change nothing.
    void hasNothingToDo() {
        operator.ends(0, "plan", "shop.yaml");
    }

    /// What `plan` says, whether or not something is to be done.
    String plan() {
        var said = operator.run("plan", "shop.yaml", "-v");
        return said.out() + said.err();
    }

    /// The codes and sentences of what the catalogs' witness finds about the writer, a line each.
    List<String> findings() {
        var said = operator.run("verify", "shop.yaml", "--no-probes", "-v", "--no-color");
        return said.out().lines().map(String::strip).toList();
    }

    Login agent() {
        return published(AGENT);
    }

    Login published(String agent) {
        return operator.published(agent);
    }

    /// For programs that speak libpq: the agent's login.
    Map<String, String> environment() {
        var address = URI.create(database.url().substring("jdbc:".length()));
        var agent = agent();
        return Map.of(
                "PGHOST", address.getHost(),
                "PGPORT", Integer.toString(address.getPort()),
                "PGDATABASE", database.name(),
                "PGUSER", agent.username(),
                "PGPASSWORD", agent.clear());
    }

    /// Changes the limits of the writer as somebody would by hand.
    void limits(UnaryOperator<String> edit) throws SQLException {
        var source = database.query("SELECT prosrc FROM pg_proc WHERE oid = 'agentroles_guard.limits'::regproc");
        database.execute("""
                CREATE OR REPLACE FUNCTION agentroles_guard.limits(agent name) RETURNS jsonb
                LANGUAGE plpgsql STABLE AS $limits$%s$limits$
                """.formatted(edit.apply(source.getFirst())));
    }

    static String resource(String name) {
        try (var stream = Ground.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(stream, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }
}
