package dev.agentroles.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.engine.postgres.Answers.Parameter;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

@OnEachPostgreSql
final class AnswersTest {
    @AutoClose
    private final Connection session;

    private int read;

    AnswersTest(PostgreSql server) throws SQLException {
        session = server.superuser();
    }

    @Test
    void aQuestionIsAskedOnceInWhateverOrderItsOidsCome() throws SQLException {
        var answers = new Answers(session);
        answers.keep();

        assertThat(routines(answers, abs(), sqrt())).hasSize(2).isEqualTo(routines(answers, sqrt(), abs()));
        assertThat(read).isEqualTo(2);
    }

    @Test
    void nothingIsKeptBeforeSomebodyAsksForIt() throws SQLException {
        var answers = new Answers(session);
        routines(answers, abs());
        routines(answers, abs());

        assertThat(read).isEqualTo(2);
    }

    /// Each question weighs two here: one oid and one row.
    @Test
    void whatWasNotAskedForLongestIsAskedAgain() throws SQLException {
        var answers = new Answers(session, 4);
        answers.keep();
        routines(answers, abs());
        routines(answers, sqrt());
        routines(answers, abs());
        assertThat(read).isEqualTo(2);

        routines(answers, floor());
        routines(answers, abs());
        assertThat(read).as("abs stayed").isEqualTo(3);
        routines(answers, sqrt());
        assertThat(read).as("sqrt had to go").isEqualTo(4);
    }

    @Test
    void anAnswerThatIsTooLargeToKeepIsAnAnswerAllTheSame() throws SQLException {
        var answers = new Answers(session, 3);
        answers.keep();

        assertThat(routines(answers, abs(), sqrt())).hasSize(2);
        assertThat(routines(answers, abs(), sqrt())).hasSize(2);
        assertThat(read).isEqualTo(4);
    }

    private List<String> routines(Answers answers, long... oids) throws SQLException {
        return answers.to(
                "examine-routines.sql",
                row -> {
                    read++;
                    return row.getString("name");
                },
                Parameter.oids(Arrays.stream(oids).boxed().toList()));
    }

    private long abs() throws SQLException {
        return oid("abs(int)");
    }

    private long sqrt() throws SQLException {
        return oid("sqrt(float8)");
    }

    private long floor() throws SQLException {
        return oid("floor(float8)");
    }

    private long oid(String signature) throws SQLException {
        try (var statement = session.createStatement();
                var row = statement.executeQuery("SELECT '%s'::regprocedure::oid".formatted(signature))) {
            row.next();
            return row.getLong(1);
        }
    }
}
