package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.PostgreSql;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Logins that another account has made, as the administrator before this one did, or the same one before the
/// server was upgraded: from PostgreSQL 16 on only their administrator may end them.
final class AnotherAdministratorTest {
    @AutoClose
    private final Ground shop;

    AnotherAdministratorTest(@TempDir Path folder) throws Exception {
        shop = Ground.onFile(PostgreSql.newest(), folder);
    }

    @BeforeEach
    void loginsAreOutThatTheAdministratorMayNotEnd() throws Exception {
        shop.clean("apply", "shop.yaml", "--yes", "--no-verify");
        for (var login : shop.logins()) {
            shop.database.execute("REVOKE \"%s\" FROM %s CASCADE".formatted(login, administrator()));
        }
    }

    private String administrator() {
        return shop.operator.administrator().username();
    }

    @Test
    void aPlanThatChangesNothingNamesTheRightToEndThem() throws Exception {
        var logins = shop.logins();

        var plan = shop.ends(1, "plan", "shop.yaml").out();

        var cure = "GRANT \"%s\", \"%s\" TO \"%s\" WITH ADMIN TRUE, INHERIT FALSE, SET FALSE"
                .formatted(logins.getFirst(), logins.getLast(), administrator());
        assertThat(plan)
                .contains("  ! %s may not end 2 logins of agents, %s among them\n      %s;\n"
                        .formatted(administrator(), logins.getFirst(), cure));
        shop.database.execute(cure);
        shop.clean("plan", "shop.yaml");
        shop.clean("freeze", "shop.yaml", "--reason", "a drill");
    }

    @Test
    void aStopThatMayNotEndThemSaysWhereTheRightIsTold() {
        var said = shop.ends(4, "freeze", "shop.yaml", "--reason", "a drill").out();

        assertThat(said)
                .contains("have a database administrator keep it from logging in, then run agentroles reap;"
                        + " agentroles plan lists the rights that are missing");
    }
}
