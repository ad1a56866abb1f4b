package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Naming;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What agents may do after apply, when the profile or the database has changed, and what apply leaves alone.
@OnEachPostgreSql
final class ApplyTest {
    @AutoClose
    private final ProductGround ground;

    ApplyTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        ground = new ProductGround(server, directory);
    }

    @Test
    void whatIsPublishedWorksWithinItsTierAndNowhereElse() {
        ground.applied();

        assertThat(ground.asAgent("support-bot", "SELECT id, total FROM app.orders"))
                .isEqualTo("done");
        assertThat(ground.asAgent("support-bot", "SELECT card_number FROM app.orders"))
                .isEqualTo("42501");
        assertThat(ground.asAgent("support-bot", "SELECT * FROM app.product_names"))
                .isEqualTo("done");
        assertThat(ground.asAgent("support-bot", "SELECT * FROM app.product_cost"))
                .isEqualTo("42501");
        assertThat(ground.asAgent("support-bot", "SELECT * FROM hr.salaries")).isEqualTo("42501");
        assertThat(ground.asAgent("support-bot", "UPDATE app.product_names SET id = 1"))
                .isEqualTo("42501");
        assertThat(ground.asAgent("support-bot", "DROP TABLE app.orders")).isEqualTo("42501");
        assertThat(ground.asAgent("order-desk", "INSERT INTO app.orders (total) VALUES (1)"))
                .isEqualTo("done");
        assertThat(ground.asAgent("order-desk", "DELETE FROM app.product_names"))
                .isEqualTo("done");
        assertThat(ground.asAgent("order-desk", "TRUNCATE app.product_names")).isEqualTo("42501");
        assertThat(ground.asAgent("order-desk", "CREATE TABLE app.mine (id int)"))
                .isEqualTo("42501");
    }

    private String transaction() throws SQLException {
        return ground.database.query("SELECT pg_current_xact_id()::xid").getFirst();
    }

    /// How many rows of what an apply writes to have been written since: the number of transactions says
    /// too much, as the server's own housekeeping has some, too.
    private long rowsWrittenSince(String transaction) throws SQLException {
        return Long.parseLong(ground.database.query("""
                SELECT count(*) FROM (
                    SELECT xmin FROM pg_authid UNION ALL SELECT xmin FROM pg_auth_members
                    UNION ALL SELECT xmin FROM pg_shdescription UNION ALL SELECT xmin FROM pg_db_role_setting
                    UNION ALL SELECT xmin FROM pg_database UNION ALL SELECT xmin FROM pg_namespace
                    UNION ALL SELECT xmin FROM pg_class UNION ALL SELECT xmin FROM pg_attribute
                    UNION ALL SELECT xmin FROM pg_proc UNION ALL SELECT xmin FROM pg_trigger
                    UNION ALL SELECT xmin FROM pg_default_acl UNION ALL SELECT xmin FROM agentroles.lease
                    UNION ALL SELECT xmin FROM agentroles.journal UNION ALL SELECT xmin FROM agentroles.stamp
                    UNION ALL SELECT xmin FROM agentroles.definition_hash) written
                WHERE age(xmin) < age('%s'::xid)
                """.formatted(transaction)).getFirst());
    }

    @Test
    void aSecondApplyWritesNothing() throws SQLException {
        ground.applied();
        ground.planIsEmpty();
        var before = transaction();

        ground.applied();

        assertThat(rowsWrittenSince(before)).isZero();
        ground.database.execute("ALTER ROLE \"ar_%s_support-bot\" INHERIT".formatted(ground.database.name()));
        assertThat(rowsWrittenSince(before)).as("a write is noticed").isEqualTo(1);
    }

    @Test
    void verifyWithoutProbesWritesNothing() throws SQLException {
        ground.applied();
        ground.database.execute("ALTER TABLE app.product_names ENABLE ROW LEVEL SECURITY");
        var before = transaction();

        ground.operator.run("verify", "shop.yaml", "--no-probes");
        assertThat(rowsWrittenSince(before)).isZero();

        ground.operator.run("verify", "shop.yaml", "--no-probes", "--accept-definitions");
        assertThat(rowsWrittenSince(before))
                .as("unless it is asked to: a definition, and who accepted it")
                .isEqualTo(2);
    }

    @Test
    void narrowingTheProfileTakesAwayWhatItNoLongerGives() throws IOException {
        ground.applied();

        ground.write(
                ProductGround.SCOPES.replace("app.orders, ", "").replace(", app.orders.card_number", ""),
                ProductGround.AGENTS);
        assertThat(ground.operator.run("plan", "shop.yaml").code()).isEqualTo(2);
        ground.applied();

        ground.planIsEmpty();
        assertThat(ground.asAgent("support-bot", "SELECT id FROM app.orders")).isEqualTo("42501");
        assertThat(ground.asAgent("support-bot", "SELECT * FROM app.product_names"))
                .isEqualTo("done");
    }

    @Test
    void hidingAColumnTurnsTheTableGrantIntoColumnGrantsAndBack() throws IOException {
        ground.write(ProductGround.SCOPES.replace(", app.orders.card_number", ""), ProductGround.AGENTS);
        ground.applied();
        assertThat(ground.asAgent("support-bot", "SELECT * FROM app.orders")).isEqualTo("done");

        ground.write(ProductGround.SCOPES, ProductGround.AGENTS);
        ground.applied();
        ground.planIsEmpty();
        assertThat(ground.asAgent("support-bot", "SELECT * FROM app.orders")).isEqualTo("42501");

        ground.write(ProductGround.SCOPES.replace(", app.orders.card_number", ""), ProductGround.AGENTS);
        ground.applied();
        ground.planIsEmpty();
        assertThat(ground.asAgent("support-bot", "SELECT * FROM app.orders")).isEqualTo("done");
    }

    @Test
    void aNewTableOfAnIncludedPatternIsGrantedAtTheNextApply() throws SQLException {
        ground.applied();
        ground.database.execute(
                "CREATE TABLE app.product_sizes (id int)",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON app.product_sizes TO %s WITH GRANT OPTION"
                        .formatted(ground.database.role("admin")));

        assertThat(ground.asAgent("support-bot", "SELECT * FROM app.product_sizes"))
                .isEqualTo("42501");
        ground.applied();

        assertThat(ground.asAgent("support-bot", "SELECT * FROM app.product_sizes"))
                .isEqualTo("done");
    }

    @Test
    void aWildcardTakesNoViewThatShowsAnExcludedColumn() throws SQLException, IOException {
        for (var view : List.of(
                "safe AS SELECT id, total FROM app.orders",
                "cards AS SELECT card_number FROM app.orders",
                "whole AS SELECT o.id, o AS everything FROM app.orders o",
                "behind AS SELECT id FROM app.whole",
                "named AS SELECT card_number FROM app.orders")) {
            ground.database.execute("CREATE VIEW app." + view);
        }
        ground.database.execute(
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA app TO %s WITH GRANT OPTION"
                        .formatted(ground.database.role("admin")));
        ground.write(
                ProductGround.SCOPES.replace("app.orders, \"app.product_*\"", "\"app.*\", app.named"),
                ProductGround.AGENTS);
        ground.applied();

        assertThat(ground.asAgent("support-bot", "SELECT * FROM app.safe")).isEqualTo("done");
        assertThat(ground.asAgent("support-bot", "SELECT * FROM app.named")).isEqualTo("done");
        for (var view : List.of("cards", "whole", "behind")) {
            assertThat(ground.asAgent("support-bot", "SELECT * FROM app." + view))
                    .as(view)
                    .isEqualTo("42501");
        }
        var plan = ground.operator.run("plan", "shop.yaml");
        assertThat(plan.out() + plan.err())
                .contains(
                        "app.cards is left out of scope orders: it reads app.orders.card_number beyond the scope with its"
                                + " owner's rights")
                .contains("app.behind is left out of scope orders: it reads app.whole.id beyond the scope");
        assertThat(ground.operator.run("verify", "shop.yaml", "--no-probes", "-v", "--fail-on", "high"))
                .satisfies(said -> assertThat(said.code()).isZero())
                .extracting(Operator.Said::out)
                .asString()
                .contains("app.named reads app.orders.card_number with its owner's rights, as the profile says");
    }

    @Test
    void aScopeWithAFutureCoversTablesThatComeLater() throws Exception {
        var owner = ground.database.role("owner");
        ground.database.execute(
                "GRANT %s TO %s".formatted(owner, ground.database.role("admin")),
                "ALTER TABLE app.orders OWNER TO " + owner,
                "ALTER TABLE app.product_names OWNER TO " + owner,
                "ALTER TABLE app.product_cost OWNER TO " + owner);
        ground.write("""
                scopes:
                  orders:
                    database: %s
                    include: ["app.*"]
                    future: true
                """, ProductGround.AGENTS);
        ground.applied();
        ground.planIsEmpty();

        ground.database.execute("SET ROLE " + owner, "CREATE TABLE app.later (id serial)", "RESET ROLE");

        assertThat(ground.asAgent("support-bot", "SELECT * FROM app.later")).isEqualTo("done");
        assertThat(ground.asAgent("order-desk", "INSERT INTO app.later DEFAULT VALUES"))
                .isEqualTo("done");
        assertThat(ground.operator.run("plan", "shop.yaml").code())
                .as("grants by default privilege are those wanted")
                .isZero();

        ground.write("""
                scopes:
                  orders:
                    database: %s
                    include: ["app.*"]
                """, ProductGround.AGENTS);
        ground.applied();
        ground.planIsEmpty();
        ground.database.execute("SET ROLE " + owner, "CREATE TABLE app.last (id serial)", "RESET ROLE");

        assertThat(ground.asAgent("support-bot", "SELECT * FROM app.later")).isEqualTo("done");
        assertThat(ground.asAgent("support-bot", "SELECT * FROM app.last"))
                .as("no future")
                .isEqualTo("42501");
        assertThat(ground.database.query(
                        "SELECT defaclacl FROM pg_default_acl WHERE defaclacl::text LIKE '%ar!_%' ESCAPE '!'"))
                .isEmpty();
    }

    @Test
    void aRemovedAgentIsRetiredWithItsLease() throws Exception {
        ground.applied();
        var login = ground.operator.published("support-bot");

        ground.write(
                ProductGround.SCOPES,
                ProductGround.AGENTS.replaceFirst("(?s)  support-bot:.*  order-desk:", "  order-desk:"));
        ground.applied();

        ground.planIsEmpty();
        assertThat(ground.database.query(
                        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'ar!_%' ESCAPE '!' AND rolname LIKE '%support%'"
                                + " AND starts_with(rolname, 'ar_" + ground.database.name() + "')"))
                .isEmpty();
        assertThat(ground.database.query("SELECT 1 FROM pg_roles WHERE rolname = '" + login.username() + "'"))
                .isEmpty();
        assertThat(ground.operator.secret("support-bot")).isEmpty();
    }

    @Test
    void aRoleThatAnotherDatabaseHoldsBackHoldsUpNothingElse() throws Exception {
        ground.applied();
        var login = ground.operator.published("support-bot");
        try (var other = ground.database.server().createDatabase()) {
            var role = Naming.agentRole(ground.database.name(), "support-bot");
            other.execute("CREATE TABLE held (n int)", "GRANT SELECT ON held TO \"" + role + "\"");
            ground.write(
                    ProductGround.SCOPES,
                    ProductGround.AGENTS.replaceFirst("(?s)  support-bot:.*  order-desk:", "  order-desk:"));

            var said = ground.operator.run("apply", "shop.yaml", "--yes");

            assertThat(said.code()).isEqualTo(4);
            assertThat(said.err() + said.out())
                    .contains(role.value())
                    .contains("in database " + other.name())
                    .contains("DROP OWNED");
            assertThat(ground.database.query("SELECT has_table_privilege('" + role + "', 'app.orders', 'SELECT')"))
                    .containsExactly("f");
            assertThat(ground.database.query("SELECT 1 FROM pg_roles WHERE rolname = '" + login.username() + "'"))
                    .isEmpty();

            other.execute("DROP OWNED BY \"" + role + "\"");
            ground.applied();
            ground.planIsEmpty();
        }
    }

    @Test
    void aClosedLoginStaysClosed() throws SQLException {
        ground.applied();
        var login = ground.operator.published("support-bot");
        ground.database.execute("ALTER ROLE \"" + login.username() + "\" NOLOGIN");

        ground.applied();

        assertThat(ground.database.query("SELECT rolcanlogin FROM pg_roles WHERE rolname = '" + login.username() + "'"))
                .containsExactly("f");
        assertThat(ground.operator.published("support-bot").username()).isNotEqualTo(login.username());
    }

    @Test
    void noSecretIsInWhatIsSaidOrLoggedOrInTheStatistics() throws SQLException {
        var said = ground.operator.run("apply", "shop.yaml", "--yes", "-v", "--format", "json");
        var secrets = Stream.of("support-bot", "order-desk")
                .map(agent -> ground.operator.published(agent).clear())
                .toList();
        ground.database.execute("CREATE EXTENSION pg_stat_statements");
        var statistics = ground.database.query("SELECT query FROM pg_stat_statements");

        for (var secret : secrets) {
            assertThat(statistics).isNotEmpty().noneMatch(text -> text.contains(secret));
            assertThat(said.out()).doesNotContain(secret);
            assertThat(said.err()).doesNotContain(secret);
            assertThat(ground.database.server().log()).doesNotContain(secret);
        }
    }
}
