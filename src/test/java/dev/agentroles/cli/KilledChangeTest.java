package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonParser;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.FatalProxy;
import dev.agentroles.harness.FatalProxy.Moment;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `change run` in a process of its own is killed (`kill -9`) at each of its requests that changes something, when
/// the server has carried it out. Whatever it was, the next run ends with the change made, once.
@OnEachPostgreSql
final class KilledChangeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @AutoClose
    private final Database database;

    private final Path directory;
    private final Operator operator;
    private final String url;
    private int tables;

    KilledChangeTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        this.directory = directory;
        database = server.createDatabase();
        var owner = database.login("owner");
        database.execute(
                "CREATE SCHEMA app AUTHORIZATION " + owner.username(),
                "CREATE TABLE app.orders (id int PRIMARY KEY)",
                "ALTER TABLE app.orders OWNER TO " + owner.username(),
                "ALTER DATABASE %s OWNER TO %s".formatted(database.name(), owner.username()));
        operator = new Operator(directory, database, database.administratorInheritingFrom(owner.username()));
        url = database.url();
        operator.set("OWNER", owner.username());
        operator.set("OWNER_PASSWORD", owner.clear());
        operator.write("shop.yaml", operator.head("production") + """
                    changes: {username: {env: OWNER}, password: {env: OWNER_PASSWORD}}
                scopes:
                  orders: {database: %1$s, include: [app.orders]}
                agents:
                  desk:
                    access: [{scope: orders, tier: explore}]
                    request_changes: true
                """.formatted(database.name()));
        assertThat(operator.run("apply", "shop.yaml", "--yes", "--no-verify").code())
                .isZero();
    }

    @Test
    void whereverItDiesItIsRunOnce() throws Exception {
        var program = PackedProgram.shared();
        program.learn(directory, operator);
        try (var proxy = FatalProxy.toPostgreSql(url)) {
            dies(program, proxy, 0);
            var requests = proxy.changes();
            for (int request : requests) {
                dies(program, proxy, request);
            }
            System.out.println("change run on " + database.server() + ", killed at " + requests.size()
                    + " requests; each run once");
            assertThat(requests).hasSizeGreaterThan(4);
        }
    }

    /// @param request 0: none
    private void dies(PackedProgram program, FatalProxy proxy, int request) throws Exception {
        var what = "killed at request " + request;
        var table = "t" + tables++;
        var name = approved("CREATE TABLE app." + table + " (id int)");
        proxy.hold();
        operator.set("DB_URL", url.replaceFirst(":[0-9]+/", ":" + proxy.port() + "/"));
        var process = program.start(directory, operator, List.of("change", "run", "shop.yaml", name));
        operator.set("DB_URL", url);
        proxy.strikeAt(request, Moment.ANSWERED, () -> PackedProgram.kill(process));
        proxy.release();
        int code = process.waitFor();

        assertThat(code)
                .as(what + ": " + PackedProgram.said(directory))
                .isEqualTo(request == 0 ? 0 : PackedProgram.KILLED);
        converges(name, what);
        assertThat(database.query("SELECT count(*) FROM pg_tables WHERE tablename = '%s'".formatted(table)))
                .as(what)
                .containsExactly("1");
        assertThat(database.query("SELECT count(*) FROM agentroles.journal WHERE action = 'run change'"
                        + " AND outcome = 'done' AND detail LIKE 'change request %s,%%'"
                                .formatted(name.substring(name.indexOf('/') + 1))))
                .as(what)
                .containsExactly("1");
    }

    /// The server needs a moment to see that a session of the dead is gone.
    private void converges(String name, String what) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        var said = operator.run("change", "run", "shop.yaml", name);
        while (said.code() == 3 && System.nanoTime() < end) {
            assertThat(said.err()).as(what).containsAnyOf("another session runs", "the server still works on");
            Thread.sleep(Duration.ofMillis(50));
            said = operator.run("change", "run", "shop.yaml", name);
        }
        assertThat(said.code()).as(what + ": " + said.out() + said.err()).isZero();
    }

    private String approved(String statement) throws Exception {
        operator.write("change.sql", statement);
        var asked = operator.run(
                "change",
                "request",
                "shop.yaml",
                "--agent",
                "desk",
                "--sql",
                "change.sql",
                "--reason",
                "because",
                "--format",
                "json");
        var request = JsonParser.object().from(asked.out()).getArray("requests").getObject(0);
        var name = request.getString("request");
        var approval = operator.run(
                "change", "approve", "shop.yaml", name, "--yes", "--expect", request.getString("fingerprint"));
        assertThat(approval.code()).as(approval.err()).isZero();
        return name;
    }
}
