package dev.agentroles.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.Database;
import dev.agentroles.harness.OnOldestAndNewestPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The last writer leaves the profile: nothing of the guard stays, and what cannot go yet holds up nothing
/// else.
@OnOldestAndNewestPostgreSql
final class GuardRemovalTest {
    private final PostgreSql server;

    @AutoClose
    private final Ground ground;

    GuardRemovalTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        this.server = server;
        this.ground = new Ground(server, directory);
    }

    private String role() {
        return "\"ar_" + ground.database.name() + "__guard\"";
    }

    private void nothingIsLeft() throws SQLException {
        assertThat(ground.database.query("""
                SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'agentroles_guard'
                UNION ALL SELECT nspname FROM pg_namespace WHERE nspname = 'agentroles_guard'
                UNION ALL SELECT polname FROM pg_policy WHERE polname = 'agentroles_guard'
                UNION ALL SELECT rolname FROM pg_roles WHERE rolname IN ('ar_%1$s__guard', 'ar_%1$s_shop_writer')
                """.formatted(ground.database.name()))).isEmpty();
        ground.hasNothingToDo();
    }

    @Test
    void itGoesWithTheLastWriter() throws SQLException, IOException {
        ground.nobodyWrites();
        ground.apply();
        nothingIsLeft();
    }

    /// The administrator may grant on the schema itself, and is a member of the owner: the guard has its way
    /// in from it.
    @Test
    void whatTheAdministratorGaveItGoesToo() throws SQLException, IOException {
        ground.database.execute(
                "ALTER SCHEMA public OWNER TO " + ground.owner(), "REVOKE USAGE ON SCHEMA public FROM PUBLIC");
        ground.apply();
        assertThat(ground.database.query("SELECT nspacl FROM pg_namespace WHERE nspname = 'public'"))
                .first()
                .asString()
                .contains("ar_%s__guard=U/%s".formatted(ground.database.name(), ground.administrator.username()));
        ground.nobodyWrites();
        ground.apply();
        nothingIsLeft();
    }

    /// A copy of the database on the same server, as for staging, has all that the roles were given, and
    /// the two functions that belong to the guard's.
    @Test
    void aRoleThatACopyOfTheDatabaseHoldsBackHoldsUpNothingElse() throws SQLException, IOException {
        var name = ground.database.name();
        ground.database.execute("CREATE DATABASE %1$scopy TEMPLATE %1$s".formatted(name));
        try (var copy = new Database(server, name + "copy")) {
            ground.nobodyWrites();
            for (var time = 0; time < 2; time++) {
                var said = ground.operator.run("apply", "shop.yaml", "--yes", "--no-verify");
                assertThat(said.code()).as(said.out() + said.err()).isEqualTo(4);
                assertThat(said.out())
                        .contains("not all of the guard could be removed")
                        .containsPattern("role ." + ground.writer() + ". cannot be dropped")
                        .contains("in database " + copy.name());
                assertThat(ground.database.query("""
                        SELECT nspname::text FROM pg_namespace WHERE nspname = 'agentroles_guard'
                        UNION ALL SELECT pg_get_userbyid(member) FROM pg_auth_members m
                                   WHERE roleid = '%s'::regrole AND to_jsonb(m) ->> 'set_option' IS DISTINCT FROM 'false'
                        """.formatted(role()))).isEmpty();
                assertThat(ground.database.query("SELECT pg_has_role('%s', 'ar_%s_shop_explore', 'USAGE')"
                                .formatted(ground.agent().username(), name)))
                        .containsExactly("t");
            }
            var held = "%1$s, ar_%2$s_shop_writer, ar_%2$s_stats_explore".formatted(role(), name);
            copy.execute(
                    "DROP OWNED BY %s CASCADE".formatted(held),
                    "SET ROLE " + ground.administrator.username(),
                    "REVOKE USAGE ON SCHEMA public FROM " + held);
            ground.apply();
            nothingIsLeft();
        }
    }

    @Test
    void aRoleWithoutTheGuardsSchemaGoesToo() throws SQLException, IOException {
        ground.database.execute("DROP SCHEMA agentroles_guard CASCADE");
        ground.nobodyWrites();
        assertThat(ground.plan()).contains("- guard: ");
        ground.apply();
        nothingIsLeft();
    }

    /// Whoever owns a table names it, and the guard's statements carry that name.
    @Test
    void aNameThatLooksLikeOurOwnTextIsANameOnly() throws SQLException, IOException {
        ground.database.execute(
                "CREATE TABLE \"a$do${role}\" (id int PRIMARY KEY)",
                "ALTER TABLE \"a$do${role}\" OWNER TO " + ground.owner());
        ground.widen("'public.a$do${role}'");
        ground.apply();
        ground.nobodyWrites();
        ground.apply();
        nothingIsLeft();
    }
}
