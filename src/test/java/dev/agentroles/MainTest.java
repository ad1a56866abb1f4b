package dev.agentroles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.cli.Operator;
import dev.agentroles.harness.Jvm;
import dev.agentroles.harness.PostgreSql;
import dev.agentroles.harness.Program;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What only the program itself decides, and no command.
final class MainTest {
    private static String operator(Map<String, String> environment) {
        return Main.operator(name -> Optional.ofNullable(environment.get(name)));
    }

    @Test
    void theJournalNamesWhoStartedAJobOrBecameRoot() {
        assertThat(operator(Map.of("GITHUB_ACTOR", "alice"))).startsWith("alice@");
        assertThat(operator(Map.of("GITLAB_USER_LOGIN", "bob", "GITHUB_ACTOR", " ")))
                .startsWith("bob@");
        assertThat(operator(Map.of("SUDO_USER", "carol"))).startsWith("carol@");
        assertThat(operator(Map.of())).startsWith(System.getProperty("user.name") + "@");
    }

    @Test
    void aVersionThatCouldNotBeWrittenIsAnError() throws Exception {
        var process = new ProcessBuilder(Jvm.line(Main.class.getName(), "--version"))
                .redirectOutput(Path.of("/dev/full").toFile())
                .start();

        assertThat(process.waitFor()).isEqualTo(1);
    }

    /// Persian has digits of its own, which `%d` would write.
    @Test
    void whateverLanguageTheMachineSpeaksTheSqlIsTheSame(@TempDir Path folder) throws Exception {
        try (var database = PostgreSql.newest().createDatabase()) {
            database.execute("CREATE SCHEMA app", "CREATE TABLE app.orders AS SELECT 1 AS id");
            var administrator = database.administratorWithGrantOptions("app");
            database.execute("GRANT CONNECT ON DATABASE %s TO %s WITH GRANT OPTION"
                    .formatted(database.name(), administrator.username()));
            var operator = new Operator(folder, database, administrator);
            operator.write("shop.yaml", operator.head("production") + """
                    scopes:
                      orders: {database: %s, include: [app.orders]}
                    agents:
                      bot:
                        access: [{scope: orders, tier: explore}]
                        lease: {ttl: 1h, overlap: 10m, connections: 5}
                    """.formatted(database.name()));

            var line = Stream.concat(
                    Stream.of("sh", "-c", "cd \"$0\" && exec \"$@\"", folder.toString()),
                    Jvm.line("-Duser.language=fa", Main.class.getName(), "apply", "shop.yaml", "--yes").stream());
            Program.run(operator.environment(), "", line.toArray(String[]::new));

            assertThat(database.query(
                            "SELECT rolconnlimit FROM pg_roles WHERE rolcanlogin AND starts_with(rolname, 'ar_%s_')"
                                    .formatted(database.name())))
                    .containsExactly("5");
        }
    }
}
