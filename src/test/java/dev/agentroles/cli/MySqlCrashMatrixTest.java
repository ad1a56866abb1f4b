package dev.agentroles.cli;

import dev.agentroles.cli.CrashActs.Act;
import dev.agentroles.cli.CrashMatrix.Trouble;
import dev.agentroles.harness.MySql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/// The crash matrix on one MySQL and one MariaDB, which have no transactions around what they do with
/// accounts: a process of its own is killed, or the server ends its sessions.
final class MySqlCrashMatrixTest implements CrashMatrixContract {
    private final CrashMatrix matrix;

    MySqlCrashMatrixTest(@TempDir Path directory) {
        var program = PackedProgram.shared();
        var troubles = MySql.newest().stream()
                .<Trouble>mapMulti((server, found) -> {
                    CrashMatrix.Grounds grounds = folder -> new MySqlGround(server, folder);
                    found.accept(Trouble.killed("killed, " + server, program, grounds));
                    if (server.mariadb()) {
                        // Only there an account takes several statements.
                        found.accept(Trouble.sessionsEnd(server + " ends the session", grounds));
                    }
                })
                .toList();
        matrix = new CrashMatrix("the crash matrix of MySQL and MariaDB", acts(), troubles, directory);
    }

    @Override
    public CrashMatrix matrix() {
        return matrix;
    }

    private static List<Act> acts() {
        var acts = new ArrayList<>(CrashActs.of(/* agent= */ MySqlGround.OTHER, /* other= */ MySqlGround.AGENT));
        acts.add(
                3,
                new Act(
                        "rotate: a login is refused",
                        MySqlGround.OTHER,
                        List.of("rotate", "shop.yaml", "--agent", MySqlGround.OTHER),
                        MySqlCrashMatrixTest::noLoginCanBeMade,
                        MySqlCrashMatrixTest::oneCanBeMade,
                        List.of("LOGIN_DROPPED:1", "END_RECORDED:1")));
        return acts;
    }

    /// The row in the ledger stands, and what comes next is refused.
    private static List<Connection> noLoginCanBeMade(LeaseGround ground) throws SQLException {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        ground.database()
                .execute("CREATE TRIGGER agentroles_guard.refuse BEFORE INSERT ON agentroles_guard.account FOR EACH ROW"
                        + " SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no more accounts'");
        return List.of();
    }

    private static void oneCanBeMade(LeaseGround ground, String what) throws SQLException {
        ground.database().execute("DROP TRIGGER agentroles_guard.refuse");
        CrashActs.convergesToOrder(ground, what);
    }
}
