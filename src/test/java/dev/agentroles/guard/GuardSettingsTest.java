package dev.agentroles.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What somebody has set for the database or for the administrator is not for the administrator's session.
@OnEachPostgreSql
final class GuardSettingsTest {
    private final PostgreSql server;

    @AutoClose
    private final Ground ground;

    GuardSettingsTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        this.server = server;
        this.ground = new Ground(server, directory);
    }

    private void set(String setting) throws SQLException {
        ground.database.execute("ALTER DATABASE %s SET %s".formatted(ground.database.name(), setting));
    }

    private void planIsEmpty() {
        ground.hasNothingToDo();
    }

    /// A guard of another form, which must be made again.
    private void outdated() throws SQLException {
        ground.database.execute("ALTER FUNCTION agentroles_guard.admit() SET work_mem TO '1MB'");
    }

    @Test
    void whatTheServerPrintsIsReadAsBefore() throws SQLException {
        set("quote_all_identifiers = on");
        planIsEmpty();
    }

    @Test
    void whatADeveloperHasPlpgsqlSayIsNoErrorOfOurs() throws SQLException {
        set("plpgsql.extra_errors = 'all'");
        set("plpgsql.extra_warnings = 'all'");
        outdated();
        ground.apply();
        planIsEmpty();
    }

    /// PostgreSQL 16 and later: what its manual offers to administrators that are no superuser.
    @Test
    void theAdministratorIsNoMemberOfWhatItMakes() throws SQLException, IOException {
        if (server.major() >= 16) {
            ground.database.execute("ALTER ROLE %s SET createrole_self_grant = 'set, inherit'"
                    .formatted(ground.administrator.username()));
        }
        ground.operator.write("shop.yaml", ground.operator.head("production") + """
                scopes:
                  sales: {database: %s, include: [public.orders]}
                agents:
                  clerk:
                    access: [{scope: sales, tier: writer}]
                """.formatted(ground.database.name()));
        ground.apply();
        assertThat(ground.operator.published("clerk").username()).isNotEmpty();
        assertThat(ground.database.query("""
                SELECT m.roleid::regrole FROM pg_auth_members m
                WHERE m.member = '%s'::regrole AND NOT m.admin_option AND m.roleid::regrole::text LIKE '%%ar!_%%' ESCAPE '!'
                """.formatted(ground.administrator.username())))
                .isEmpty();
    }

    @Test
    void aMembershipThatTheAdministratorHasGivenItselfIsTakenBack() throws SQLException {
        asTheAdministrator("GRANT \"%s\" TO CURRENT_USER".formatted(ground.writer()));
        assertThat(ground.plan()).contains("- membership ");
        ground.apply();
        planIsEmpty();
        asTheAdministrator("UPDATE settings SET value = 'x'");
    }

    private void asTheAdministrator(String sql) throws SQLException {
        try (var session = ground.database.connect(ground.administrator);
                var statement = session.createStatement()) {
            statement.execute(sql);
        }
    }
}
