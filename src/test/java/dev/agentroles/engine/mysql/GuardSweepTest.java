package dev.agentroles.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.MySql;
import dev.agentroles.harness.OnEachMySql;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Every variable that a session may set is set, to every value that it takes of a list, and the
/// guard still holds.
@OnEachMySql
final class GuardSweepTest {
    private static final List<String> VALUES = List.of(
            "0",
            "1",
            "''",
            "4294967295",
            "'MULTILINE'",
            "'FORCED'",
            "'binary'",
            "'utf8mb4_bin'",
            // In Turkish the upper case of i is not I: by charset on MariaDB, by name elsewhere.
            "'utf8mb4=utf8mb4_turkish_ci'",
            "'utf8mb4_turkish_ci'");

    private static final List<String> ATTACKS = List.of(
            "DELETE FROM tiny",
            "UPDATE tiny SET v=0 /*\nselect WHERE id=1 */",
            "DELETE FROM big WHERE id>0",
            "UPDATE big SET a=-1 WHERE id>0 LIMIT 101",
            "INSERT INTO tiny SELECT id,0,s FROM tiny ON DUPLICATE KEY UPDATE v=0",
            "insert into tiny select id,0,s from tiny on duplicate key update v=0",
            "delete from tiny where 1 in (1) limit 90");

    @AutoClose
    private final GuardGround ground;

    GuardSweepTest(MySql server) throws SQLException, IOException {
        ground = new GuardGround(server);
        ground.fill();
        ground.run(List.of("UPDATE agentroles_guard.limits SET rows_per_window = 400000"));
    }

    @Test
    void noSettingOfASessionOpensTheGuard() throws SQLException {
        var before = GuardRows.of(ground.database);
        var broken = new ArrayList<String>();
        int set = 0;
        for (var variable : variables()) {
            try (var connection = ground.database.server().connect(ground.views(), ground.writer)) {
                for (var value : values(variable)) {
                    if (!send(connection, "SET SESSION `%s` = %s".formatted(variable.name(), value))) {
                        continue;
                    }
                    set++;
                    for (var attack : ATTACKS) {
                        if (send(connection, attack)) {
                            broken.add(variable.name() + " = " + value + ": " + attack);
                        }
                    }
                }
            }
        }
        assertThat(before.lost(GuardRows.of(ground.database))).isZero();
        assertThat(String.join("\n", broken)).isEmpty();
        assertThat(set).isGreaterThan(150);
    }

    private record Variable(String name, String value) {}

    private List<Variable> variables() throws SQLException {
        try (var connection = ground.database.superuser();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SHOW SESSION VARIABLES")) {
            var found = new ArrayList<Variable>();
            while (rows.next()) {
                found.add(new Variable(rows.getString(1), rows.getString(2)));
            }
            return found;
        }
    }

    private static Set<String> values(Variable variable) {
        var values = new LinkedHashSet<String>();
        var value = String.valueOf(variable.value());
        if (value.matches("ON|OFF")) {
            values.add(value.equals("ON") ? "OFF" : "ON");
        } else {
            values.addAll(VALUES);
        }
        return values;
    }

    private static boolean send(Connection connection, String text) {
        try (var statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(text);
            return true;
        } catch (SQLException refused) {
            return false;
        }
    }
}
