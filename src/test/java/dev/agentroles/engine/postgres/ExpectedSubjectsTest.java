package dev.agentroles.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.RoleName;
import dev.agentroles.engine.Subject;
import dev.agentroles.engine.Testimony;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What is said of a subject is the same whether it is one of many that were told of or the only one.
@OnEachPostgreSql
final class ExpectedSubjectsTest {
    @AutoClose
    private final Database database;

    private final Shop shop;
    private final List<Subject> subjects;

    ExpectedSubjectsTest(PostgreSql server) throws SQLException {
        database = server.createDatabase();
        shop = Shop.open(database);
        // A stranger in the group, who has more than the profile's agent, and other objects than it.
        database.execute(shop.text("""
                GRANT USAGE ON SCHEMA app, hr TO {other};
                GRANT SELECT ON hr.names TO {other};
                GRANT EXECUTE ON FUNCTION hr.raise() TO {other};
                GRANT DELETE ON app.orders TO {tier};
                CREATE RULE loud AS ON DELETE TO app.orders DO ALSO NOTIFY loud;
                CREATE FUNCTION hr.secret() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
                CREATE VIEW app.way WITH (security_invoker = true) AS SELECT hr.secret();
                GRANT SELECT ON app.way TO {tier};
                ALTER TABLE app.events OWNER TO {agent};
                ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA app GRANT SELECT ON TABLES TO {tier};
                """));
        var agent = shop.agentSubject();
        subjects = List.of(
                agent,
                shop.subject(),
                new Subject.AgentRole(new RoleName(database.role("other")), "bot"),
                new Subject.AgentRole(new RoleName("nobody_of_this_name"), "bot"));
    }

    @AfterEach
    void givePublicItsDefaultsBack() throws SQLException {
        shop.close();
    }

    @Test
    void whatIsSaidOfManyIsWhatIsSaidOfEach() throws SQLException {
        var told = new HashSet<Testimony>();
        try (var session = database.superuser()) {
            var together = expecting(session);
            for (var subject : subjects) {
                var testimony = together.examine(subject, shop.intended());
                assertThat(testimony).isEqualTo(new Examination(session).examine(subject, shop.intended()));
                assertThat(testimony.findings()).isNotEmpty();
                told.add(testimony);
            }
        }
        assertThat(told).as("the subjects are not alike").hasSameSizeAs(subjects);
    }

    /// Two that hold the same objects: what is asked about these, and of the whole database, is asked once.
    @Test
    void nothingIsAskedTwiceForThoseWhoHoldTheSame() throws SQLException {
        var asked = new HashMap<String, Integer>();
        try (var session = counting(database.superuser(), asked)) {
            var together = expecting(session);
            together.examine(shop.agentSubject(), shop.intended());
            var first = Map.copyOf(asked);
            together.examine(shop.subject(), shop.intended());

            for (var once : Set.of(
                    "definitions.sql",
                    "examine-views.sql",
                    "examine-ways.sql",
                    "examine-rules.sql",
                    "examine-routines.sql",
                    "examine-owned.sql",
                    "examine-session.sql",
                    "holdings.sql",
                    "reachable-roles.sql",
                    "reachable-memberships.sql")) {
                var sql = Sql.resource(once);
                assertThat(first).as(once).containsEntry(sql, 1);
                assertThat(asked).as(once).containsEntry(sql, 1);
            }
        }
    }

    /// Who tells of the subjects once more wants to know how things are now.
    @Test
    void whatWasReadIsForgottenWhenSubjectsAreToldOfAnew() throws SQLException {
        try (var session = database.superuser()) {
            var together = expecting(session);
            var before = together.examine(shop.agentSubject(), shop.intended());
            database.execute(
                    "CREATE OR REPLACE VIEW app.order_ids AS SELECT id FROM app.orders WHERE id > 0",
                    shop.text("GRANT {other} TO {agent}"));

            assertThat(together.examine(shop.agentSubject(), shop.intended())).isEqualTo(before);
            expect(together);
            var after = together.examine(shop.agentSubject(), shop.intended());
            assertThat(after.findings()).isNotEqualTo(before.findings());
            assertThat(after.reliedOn()).isNotEqualTo(before.reliedOn());
        }
    }

    private Examination expecting(Connection session) throws SQLException {
        var examination = new Examination(session);
        expect(examination);
        return examination;
    }

    private void expect(Examination examination) throws SQLException {
        examination.expect(subjects.stream().map(Subject::role).toList());
    }

    private static Connection counting(Connection session, Map<String, Integer> asked) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")) {
                        asked.merge((String) arguments[0], 1, Integer::sum);
                    }
                    return method.invoke(session, arguments);
                });
    }
}
