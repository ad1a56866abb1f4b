package dev.agentroles.cli;

import dev.agentroles.cli.CrashActs.Act;
import dev.agentroles.cli.CrashMatrix.Trouble;
import dev.agentroles.harness.LossyProxy;
import dev.agentroles.harness.OpenBao;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/// The crash matrix on PostgreSQL: a process of its own is killed, or the database ends its sessions, or
/// the store begins to fail.
final class CrashMatrixTest implements CrashMatrixContract {
    private final CrashMatrix matrix;

    CrashMatrixTest(@TempDir Path directory) {
        var program = PackedProgram.shared();
        CrashMatrix.Grounds inOpenBao = folder -> new Ground(folder, OpenBao.shared());
        matrix = new CrashMatrix(
                "the crash matrix",
                acts(),
                List.of(
                        Trouble.killed("killed, OpenBao", program, inOpenBao),
                        Trouble.killed("killed, file store", program, Ground::onFile),
                        Trouble.sessionsEnd("the database ends the session", inOpenBao),
                        new Trouble(
                                "OpenBao obeys, and answers 503 from here on",
                                inOpenBao,
                                (_, ground, act, point) -> failTheStore((Ground) ground, act, point))),
                directory);
    }

    @Override
    public CrashMatrix matrix() {
        return matrix;
    }

    private static List<Act> acts() {
        var acts = new ArrayList<>(CrashActs.of(Ground.AGENT, Ground.OTHER));
        acts.add(CrashActs.reapOfAnUnknownLogin(Ground.AGENT));
        acts.add(
                4,
                new Act(
                        "reap: max_session",
                        Ground.AGENT,
                        List.of("reap", "shop.yaml"),
                        CrashMatrixTest::aSessionThatIsTooLong,
                        CrashActs::convergesToOrder,
                        List.of("SESSIONS_ENDED:1")));
        return acts;
    }

    private static List<Connection> aSessionThatIsTooLong(LeaseGround ground) throws Exception {
        ground.terms("ttl: 1h, overlap: 10m, max_session: 1s");
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        var session = ground.connect(Ground.AGENT);
        try (var statement = session.createStatement()) {
            statement.execute("SELECT pg_sleep(1.1)");
        }
        return List.of(session);
    }

    private static void failTheStore(Ground ground, Act act, String point) throws Exception {
        try (var proxy = new LossyProxy(OpenBao.shared().address())) {
            ground.reach(proxy.address());
            CrashMatrix.runUntil(ground, act, point, () -> proxy.always(LossyProxy.Fault.REFUSED));
        } finally {
            ground.reach(OpenBao.shared().address());
        }
    }
}
