package dev.agentroles.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// An apply may end after any of the statements that make the guard, and the next one must see it.
final class GuardCoreTest {
    private static final String LOCK = "ALTER USER 'agentroles_guard'@'localhost' ACCOUNT LOCK";
    private static final String UNLOCK = "ALTER USER 'agentroles_guard'@'localhost' ACCOUNT UNLOCK";

    @Test
    void theAccountIsOpenUntilEverythingElseIsDone() {
        for (var form : List.of(new MySqlGuard(), new MariaDbGuard())) {
            var made = new GuardSql(form).core(false);
            var changed = new GuardSql(form).core(true);

            assertThat(made.subList(0, made.indexOf(LOCK))).noneMatch(sql -> sql.contains("ACCOUNT LOCK"));
            assertThat(changed).startsWith(UNLOCK);
            for (var statements : List.of(made, changed)) {
                assertThat(statements.subList(statements.indexOf(LOCK) + 1, statements.size()))
                        .allMatch(sql -> sql.startsWith("SET sql_mode"));
            }
        }
    }
}
