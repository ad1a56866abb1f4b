package dev.agentroles.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Transactions of statements, savepoints, constraints made immediate, deferred triggers and held cursors: none that is
/// committed has changed more rows at once than it may, and none is refused that had no such statement.
@OnEachPostgreSql
final class GuardCommitFuzzTest {
    private static final int TRANSACTIONS = 300;
    private static final String MANY = "id <= 1200";

    @AutoClose
    private final Ground ground;

    GuardCommitFuzzTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        ground = new Ground(server, directory, ", functions: true");
        ground.database.execute("""
                CREATE FUNCTION later() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
                  IF NEW.status = 'set' THEN
                    SET CONSTRAINTS ALL IMMEDIATE;
                  END IF;
                  UPDATE customers SET name = 'l' WHERE id <= CASE NEW.status WHEN 'many' THEN 1200 ELSE 7 END;
                  RETURN NULL;
                END$$
                """, """
                CREATE CONSTRAINT TRIGGER later AFTER INSERT ON staging DEFERRABLE INITIALLY DEFERRED
                  FOR EACH ROW EXECUTE FUNCTION later()
                """);
    }

    @Test
    void whatIsCommittedIsWithinTheLimits() throws SQLException, IOException {
        var wrong = new ArrayList<String>();
        try (var client = Client.connect(ground.database.url(), ground.agent(), Client.Protocol.SIMPLE, "");
                var session = client.createStatement()) {
            RawProtocol.bind(client, "p", "SET CONSTRAINTS ALL IMMEDIATE");
            for (int seed = 0; seed < TRANSACTIONS; seed++) {
                var transaction = Transaction.of(new Random(seed));
                var outcome = run(session, transaction.texts());
                boolean committed = outcome.isEmpty();
                if (committed ? transaction.kept() : !transaction.had() || !outcome.startsWith("AR")) {
                    wrong.add("seed %d: %s%n%s"
                            .formatted(
                                    seed,
                                    committed ? "committed" : outcome,
                                    String.join(System.lineSeparator(), transaction.texts())));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /// @return what was refused, if something was
    private static String run(Statement session, List<String> texts) throws SQLException {
        var outcome = "";
        try {
            for (var text : texts) {
                session.execute(text);
            }
        } catch (SQLException refused) {
            outcome = refused.getSQLState() + " " + refused.getMessage();
            session.execute("ROLLBACK");
        }
        session.execute("CLOSE ALL");
        return outcome;
    }

    /// @param had has a statement that changes too many rows
    /// @param kept such a one that no savepoint takes back
    private record Transaction(List<String> texts, boolean had, boolean kept) {
        static Transaction of(Random random) {
            var texts = new ArrayList<String>();
            boolean had = false;
            // What has been kept, for each savepoint that is open.
            Deque<Boolean> kept = new ArrayDeque<>();
            kept.push(false);
            texts.add(random.nextInt(4) == 0 ? "BEGIN ISOLATION LEVEL REPEATABLE READ" : "BEGIN");
            int length = 2 + random.nextInt(8);
            for (int number = 0; number < length; number++) {
                boolean many = random.nextInt(4) == 0;
                boolean changes = false;
                switch (random.nextInt(12)) {
                    case 0, 1, 2 -> {
                        changes = true;
                        texts.add("UPDATE customers SET name = 'x' WHERE " + (many ? "abs(id) <= 1200" : "id = 5"));
                    }
                    case 3 -> texts.add("UPDATE orders SET note = 'x' WHERE id = 1");
                    case 4 -> {
                        texts.add("SAVEPOINT s");
                        kept.push(kept.element());
                    }
                    case 5 -> {
                        if (kept.size() > 1) {
                            texts.add("ROLLBACK TO SAVEPOINT s");
                            kept.pop();
                            kept.push(kept.element());
                        }
                    }
                    case 6 -> {
                        if (kept.size() > 1) {
                            texts.add("RELEASE SAVEPOINT s");
                            boolean last = kept.pop();
                            kept.pop();
                            kept.push(last);
                        }
                    }
                    case 7, 8 -> texts.add("EXECUTE stated");
                    case 9 -> texts.add("SET CONSTRAINTS ALL " + (many ? "DEFERRED" : "IMMEDIATE"));
                    case 10 -> {
                        changes = true;
                        var status = many ? "many" : random.nextBoolean() ? "set" : "one";
                        texts.add("INSERT INTO staging VALUES (9001, '%s')".formatted(status));
                    }
                    default -> {
                        changes = true;
                        texts.add(
                                "DECLARE c%d CURSOR WITH HOLD FOR SELECT run('UPDATE customers SET name = ''x'' WHERE %s')"
                                        .formatted(number, many ? MANY : "id = 3"));
                    }
                }
                if (changes && many) {
                    had = true;
                    kept.pop();
                    kept.push(true);
                }
            }
            texts.add("COMMIT");
            return new Transaction(List.copyOf(texts), had, kept.element());
        }
    }
}
