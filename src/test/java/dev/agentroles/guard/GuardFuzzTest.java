package dev.agentroles.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Random statements against the guard. `make soak` does the same for longer.
@OnEachPostgreSql
final class GuardFuzzTest {
    /// `-Dagentroles.fuzz=100000` for a longer look.
    private static final int STATEMENTS = Integer.getInteger("agentroles.fuzz", 500);

    @AutoClose
    private final Ground ground;

    GuardFuzzTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        this.ground = new Ground(server, directory);
    }

    @ParameterizedTest(name = "seed {0}, {1} protocol")
    @CsvSource({"20261126, SIMPLE", "7, EXTENDED"})
    void whatIsAcceptedHasAWhere(long seed, Client.Protocol protocol) throws SQLException {
        var wrong = new ArrayList<String>();
        try (var fuzz = new Fuzz(ground, seed, protocol)) {
            for (int i = 0; i < STATEMENTS; i++) {
                wrong.addAll(fuzz.next());
            }
        }
        assertThat(String.join("\n", wrong)).isEmpty();
    }

    /// The short ways to a verdict come to what the long way does. What the server cannot parse does not count: no
    /// verdict is asked for it.
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {20261126, 7})
    void whatIsPlainIsWhatTheJudgeAccepts(long seed) throws SQLException {
        var texts = new PlainStatements(new Random(seed));
        var wrong = new ArrayList<String>();
        int plain = 0;
        try (var connection = ground.database.superuser();
                var judge = connection.prepareStatement("""
                        SELECT CASE WHEN p.targets IS NOT NULL THEN concat(p.verbs, ' verbs, ', p.listed)
                                    WHEN agentroles_guard.plain(t) IS NOT NULL THEN '1 verbs, f' END,
                               coalesce(j.fault, concat_ws(', ', j.verbs || ' verbs', j.listed, NULLIF(j.together, false), j.execs[1]))
                          FROM (SELECT ?::text) x(t), agentroles_guard.plainest_of(t) p, agentroles_guard.judge(agentroles_guard.lex(t, false)) j""");
                var parse = connection.createStatement()) {
            for (int i = 0; i < 10 * STATEMENTS; i++) {
                var text = texts.next();
                judge.setString(1, text);
                try (var row = judge.executeQuery()) {
                    row.next();
                    var said = row.getString(1);
                    if (said != null) {
                        plain++;
                        if (!said.equals(row.getString(2)) && parses(parse, text)) {
                            wrong.add("%s: %s, not %s".formatted(text, said, row.getString(2)));
                        }
                    }
                }
            }
        }
        assertThat(plain).isPositive();
        assertThat(String.join("\n", wrong)).isEmpty();
    }

    private static boolean parses(java.sql.Statement statement, String text) {
        try {
            statement.setEscapeProcessing(false);
            statement.execute("PREPARE parsed AS " + text);
            statement.execute("DEALLOCATE parsed");
            return true;
        } catch (SQLException refused) {
            // 42601: syntax_error. Anything else, such as a missing table, comes after the parser.
            return !"42601".equals(refused.getSQLState());
        }
    }
}
