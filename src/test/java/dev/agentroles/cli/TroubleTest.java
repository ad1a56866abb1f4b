package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.credential.FaultPoints;
import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.harness.Await;
import dev.agentroles.harness.LossyProxy;
import dev.agentroles.harness.OpenBao;
import dev.agentroles.harness.OpenBaoServer;
import io.github.jopenlibs.vault.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The servers fail while a lease is rotated or stopped: OpenBao loses answers, is sealed or gone; the
/// database ends our session or does not answer. What agents read goes on working, or is to be erased; the
/// next run finishes.
final class TroubleTest {
    private final Path directory;

    TroubleTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @ParameterizedTest
    @CsvSource({
        "POST /v1/{mount}/metadata/, LOST",
        "POST /v1/{mount}/data/, LOST",
        "POST /v1/{mount}/data/, STALLED",
        "POST /v1/{mount}/data/, CUT",
        "GET /v1/{mount}/data/, LOST"
    })
    void anAnswerOfTheStoreThatIsLostWhileRotating(String request, LossyProxy.Fault fault) throws Exception {
        try (var ground = applied(OpenBao.shared());
                var proxy = new LossyProxy(OpenBao.shared().address())) {
            ground.reach(proxy.address());
            proxy.next(request.replace("{mount}", ground.mount()), fault);

            var said = ground.operator.run("rotate", "shop.yaml", "--agent", Ground.AGENT);

            assertThat(said.code()).as(said.out() + said.err()).isIn(0, 1);
            ground.reach(OpenBao.shared().address());
            assertThat(ground.works(ground.published(Ground.AGENT).orElseThrow()))
                    .isTrue();
            ground.recovers();
        }
    }

    /// @param at when the database's own side ends our session, as it does when it dies
    @ParameterizedTest
    @EnumSource(
            value = Point.class,
            names = {"STORE_READ", "LOGIN_ISSUED", "LOGIN_PROVEN", "SECRET_PUBLISHED", "PUBLICATION_RECORDED"})
    void theDatabaseGoesAwayWhileRotating(Point at) throws Exception {
        try (var ground = applied(OpenBao.shared())) {
            ground.operator.onceAt(at, ground::endOurSessions);

            var said = ground.operator.run("rotate", "shop.yaml", "--agent", Ground.AGENT);

            assertThat(said.code()).as(said.out() + said.err()).isEqualTo(1);
            assertThat(said.out()).containsAnyOf("cannot be reached", "ended our session: FATAL");
            ground.operator.dieAt(FaultPoints.NONE);
            assertThat(ground.works(ground.published(Ground.AGENT).orElseThrow()))
                    .isTrue();
            ground.recovers();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Point.class,
            names = {"STORE_READ", "SECRET_PUBLISHED"})
    void theDatabaseDoesNotAnswerWhileRotating(Point at) throws Exception {
        try (var ground = applied(OpenBao.shared())) {
            var stopped = new ArrayList<String>();
            ground.operator.onceAt(at, () -> stopped.addAll(signalOurSessions(ground, "STOP", List.of())));
            try {
                var said = ground.operator.run("rotate", "shop.yaml", "--agent", Ground.AGENT, "--timeout", "1");

                assertThat(said.code()).as(said.out() + said.err()).isEqualTo(1);
                assertThat(ground.works(ground.published(Ground.AGENT).orElseThrow()))
                        .isTrue();
            } finally {
                ground.operator.dieAt(FaultPoints.NONE);
                signalOurSessions(ground, "CONT", stopped);
            }
            awaitEnd(ground, stopped);
            ground.recovers();
        }
    }

    /// A server process that goes on does what it was told last before it sees that nobody listens.
    private static void awaitEnd(Ground ground, List<String> pids) throws SQLException {
        while (!ground.database
                .query("SELECT pid FROM pg_stat_activity WHERE pid IN (" + String.join(", ", pids) + ")")
                .isEmpty()) {
            Await.pause();
        }
    }

    private static List<String> signalOurSessions(Ground ground, String signal, List<String> known) {
        try {
            var pids = known.isEmpty()
                    ? ground.database.query("SELECT pid FROM pg_stat_activity WHERE usename = '"
                            + ground.operator.administrator().username() + "'")
                    : known;
            for (var pid : pids) {
                assertThat(new ProcessBuilder("kill", "-" + signal, pid).start().waitFor())
                        .isZero();
            }
            return pids;
        } catch (SQLException | IOException failed) {
            throw new AssertionError(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }

    /// Somebody writes a field of his own over the published one, and leaves the rest as it was; or something
    /// else altogether.
    @ParameterizedTest
    @CsvSource({
        "password, was written over by somebody else",
        "username, was written over by somebody else",
        "lease_id, is none of the ledger's",
        "all of it, no login is published"
    })
    void aSecretThatWasEditedByHandIsShownAndReplaced(String field, String why) throws Exception {
        var vault = OpenBao.shared();
        try (var ground = applied(vault)) {
            var path = data(ground);
            var fields = data(vault.call("GET", path, ""));
            assertThat(fields.names()).contains("password", "username", "lease_id");
            var edited = field.equals("all of it") ? "{\"hello\":\"world\"}" : fields.set(field, "hunter2");
            vault.call("POST", path, "{\"options\":{\"cas\":1},\"data\":" + edited + "}");

            var status = ground.ends(4, "status", "shop.yaml");
            assertThat(status.out().lines().filter(line -> line.startsWith("problem: ")))
                    .singleElement()
                    .asString()
                    .startsWith(
                            "problem: agent support-bot on " + ground.database.name() + " has no login that works: ")
                    .contains(why)
                    .endsWith("; run agentroles rotate, or agentroles apply if it never had one");
            assertThat(ground.ends(4, "status", "shop.yaml", "--format", "json").out())
                    .contains("\"what\":\"agent support-bot on ");
            assertThat(ground.operator.run("plan", "shop.yaml").code()).isEqualTo(2);
            assertThat(ground.clean("rotate", "shop.yaml").out()).contains(why).contains("Rotated 1, 1 not due.");

            assertThat(ground.clean("status", "shop.yaml").out()).doesNotContain("problem");
            ground.recovers();
        }
    }

    /// Two profiles that publish to one path by mistake: the agents of both would read now one, now the other.
    @Test
    void aLoginOfAnotherServerIsNeitherReplacedNorErasedWhileItLives() throws Exception {
        var vault = OpenBao.shared();
        try (var ground = applied(vault)) {
            var path = data(ground);
            var strangers = writeSecretOfAnotherServer(vault, path);
            var refused = held(strangers, ground);

            assertThat(ground.ends(3, "plan", "shop.yaml").out()).contains(refused);
            assertThat(ground.ends(4, "apply", "shop.yaml", "--yes", "--no-verify")
                            .out())
                    .contains(refused);
            assertThat(ground.ends(3, "rotate", "shop.yaml", "--all").out()).contains(refused);
            ground.clean("reap", "shop.yaml");

            assertThat(ground.operator.secret(Ground.AGENT).orElseThrow().lease())
                    .isEqualTo("0strange");
            vault.call(
                    "POST",
                    path,
                    "{\"options\":{\"cas\":2},\"data\":" + strangers.set("expires_at", "2020-01-01T00:00:00Z") + "}");
            ground.clean("rotate", "shop.yaml");
            ground.recovers();
        }
    }

    /// As whoever may write at that path alone might do.
    @Test
    void aStrangersLoginAtOnePathHindersNoOtherAgent() throws Exception {
        var vault = OpenBao.shared();
        try (var ground = applied(vault)) {
            writeSecretOfAnotherServer(vault, data(ground));
            ground.drop(ground.published(Ground.OTHER).orElseThrow());
            var refused = "! nothing is issued to agent support-bot on " + ground.database.name() + ": ";

            assertThat(ground.ends(3, "plan", "shop.yaml").out())
                    .contains("+ lease for order-desk")
                    .doesNotContain("lease for support-bot")
                    .contains("  Refused for safety\n  " + refused);
            assertThat(ground.ends(4, "apply", "shop.yaml", "--yes", "--no-verify")
                            .out())
                    .contains("of order-desk on ", refused);

            assertThat(ground.works(ground.published(Ground.OTHER).orElseThrow()))
                    .isTrue();
            assertThat(ground.operator.secret(Ground.AGENT).orElseThrow().lease())
                    .isEqualTo("0strange");
            assertThat(ground.ends(4, "apply", "shop.yaml", "--yes", "--no-verify")
                            .out())
                    .contains(refused)
                    .doesNotContain("Nothing to do");
        }
    }

    /// The promoted replica lagged: the last lease of the failed primary is in the store, and in no ledger.
    @Test
    void aLoginOfTheServerWhosePlaceThisOneTookIsReplaced() throws Exception {
        var vault = OpenBao.shared();
        try (var ground = applied(vault)) {
            writeSecretOfAnotherServer(vault, data(ground));
            var own = ground.database
                    .query("SELECT server_identifier FROM agentroles.stamp")
                    .getFirst();
            ground.operator.edit(
                    "shop.yaml",
                    profile -> profile.replaceFirst(
                            "( +)engine:", "$1identity: [\"7000000000000000000\", \"" + own + "\"]\n$0"));

            assertThat(ground.clean("rotate", "shop.yaml").out()).contains("is none of the ledger's");

            ground.recovers();
        }
    }

    /// A stop takes all that is ours from the path, and nothing of another server's.
    @Test
    void aStopLeavesALoginOfAnotherServerAndSaysSo() throws Exception {
        var vault = OpenBao.shared();
        try (var ground = applied(vault)) {
            var path = data(ground);
            var strangers = writeSecretOfAnotherServer(vault, path);
            var left = "a secret is left: " + ground.path(Ground.AGENT) + " " + held(strangers, ground);

            assertThat(ground.ends(4, "revoke", "shop.yaml", "--agent", Ground.AGENT)
                            .out())
                    .contains("1 login closed")
                    .contains(left);
            assertThat(ground.ends(4, "freeze", "shop.yaml", "--reason", "incident 42")
                            .out())
                    .contains(left);

            assertThat(ground.operator.secret(Ground.AGENT).orElseThrow().lease())
                    .isEqualTo("0strange");
            assertThat(ground.operator.secret(Ground.OTHER)).isEmpty();
            var versions = vault.call("GET", ground.mount() + "/metadata/" + ground.path(Ground.AGENT), "")
                    .get("data")
                    .asObject()
                    .get("versions")
                    .asObject();
            assertThat(versions.get("1").asObject().get("destroyed").asBoolean())
                    .as("our own, which stood there before")
                    .isTrue();
            assertThat(ground.owed()).isEmpty();
        }
    }

    /// A secret says which server made its login, and the database may have moved since.
    @Test
    void aStopErasesALoginOfOursWhicheverServerMadeIt() throws Exception {
        var vault = OpenBao.shared();
        try (var ground = applied(vault)) {
            var path = data(ground);
            var moved = data(vault.call("GET", path, "")).set("server", "7000000000000000000");
            vault.call("POST", path, "{\"options\":{\"cas\":1},\"data\":" + moved + "}");

            ground.clean("revoke", "shop.yaml", "--agent", Ground.AGENT);

            assertThat(ground.operator.secret(Ground.AGENT)).isEmpty();
        }
    }

    /// @return its fields
    private static JsonObject writeSecretOfAnotherServer(OpenBao vault, String path) throws Exception {
        var strangers =
                data(vault.call("GET", path, "")).set("lease_id", "0strange").set("server", "7000000000000000000");
        vault.call("POST", path, "{\"options\":{\"cas\":1},\"data\":" + strangers + "}");
        return strangers;
    }

    /// How a secret of another server is spoken of.
    private static String held(JsonObject strangers, Ground ground) {
        return "holds the login %s of another server, 7000000000000000000 at %s"
                .formatted(strangers.get("username").asString(), ground.database.url());
    }

    /// Where the agent's secret stands.
    private static String data(Ground ground) {
        return ground.mount() + "/data/" + ground.path(Ground.AGENT);
    }

    private static JsonObject data(JsonObject answer) {
        return answer.get("data").asObject().get("data").asObject();
    }

    @Test
    void aStoreThatIsDownIsAProblemAndHidesNothingOfTheDatabase() throws Exception {
        try (var ground = applied(OpenBao.shared())) {
            ground.reach(URI.create("http://127.0.0.1:9"));

            assertThat(ground.ends(4, "status", "shop.yaml").out())
                    .containsPattern("support-bot .* published +0 +59m")
                    .containsPattern("order-desk .* published +0 +59m")
                    .contains("problem: ")
                    .contains("127.0.0.1:9");
        }
    }

    @Test
    void aLeaseThatWouldBeOverBeforeAnybodyReadsItIsRefusedAndTheOneBeforeStays() throws Exception {
        try (var ground = applied(OpenBao.shared())) {
            var old = ground.published(Ground.AGENT).orElseThrow();
            ground.terms("ttl: 2s, overlap: 1s");

            var said = ground.operator.run("rotate", "shop.yaml", "--agent", Ground.AGENT);

            assertThat(said.code()).isEqualTo(1);
            assertThat(said.out()).contains("too soon to be of use; give the agent a longer ttl");
            assertThat(ground.published(Ground.AGENT).orElseThrow().username()).isEqualTo(old.username());
            assertThat(ground.works(old)).isTrue();
            ground.terms("ttl: 1h, overlap: 10m");
            ground.recovers();
        }
    }

    @Test
    void aSealedStoreIsNoReasonToTouchTheDatabase() throws Exception {
        try (var vault = OpenBaoServer.sealable(directory);
                var ground = applied(vault)) {
            var before = ground.logins();
            vault.seal();

            var said = ground.operator.run("rotate", "shop.yaml", "--all");

            assertThat(said.code()).isEqualTo(1);
            assertThat(said.out()).contains("sealed");
            assertThat(ground.logins()).isEqualTo(before);
        }
    }

    /// A plan asks the store first, and what an operator must know in an incident is that it is one.
    @Test
    void aFrozenEnvironmentIsRefusedAsThatAlsoWhileTheStoreIsSealed() throws Exception {
        try (var vault = OpenBaoServer.sealable(directory);
                var ground = applied(vault)) {
            vault.seal();
            ground.ends(4, "freeze", "shop.yaml", "--reason", "leak");

            assertThat(ground.ends(3, "apply", "shop.yaml", "--yes").err()).contains(" is frozen: ");
        }
    }

    /// On whichever thread it happens.
    @Test
    void aMistakeOfOursAfterARotationIsToldOfEachAgentThatWasRotated() throws Exception {
        try (var ground = applied(OpenBao.shared())) {
            ground.operator.dieAt(point -> {
                if (point == Point.PREDECESSOR_SHORTENED) {
                    throw new IllegalStateException("a mistake of ours");
                }
            });

            var said = ground.operator.run("rotate", "shop.yaml", "--all");

            assertThat(said.code()).isEqualTo(4);
            assertThat(said.out())
                    .contains(
                            "a login of support-bot that was replaced works until its lease is over",
                            "a login of order-desk that was replaced works until its lease is over");
            ground.recovers();
        }
    }

    @Test
    void aStoreThatIsSealedInTheMiddleLeavesNothingBehindOnceItIsBack() throws Exception {
        try (var vault = OpenBaoServer.sealable(directory);
                var ground = applied(vault)) {
            var old = ground.published(Ground.AGENT).orElseThrow();
            ground.operator.onceAt(Point.LOGIN_PROVEN, vault::seal);

            assertThat(ground.operator
                            .run("rotate", "shop.yaml", "--agent", Ground.AGENT)
                            .code())
                    .isEqualTo(1);
            assertThat(ground.operator.run("reap", "shop.yaml").code())
                    .as("the orphan needs the store")
                    .isEqualTo(4);

            vault.unseal();
            assertThat(ground.published(Ground.AGENT).orElseThrow().username()).isEqualTo(old.username());
            assertThat(ground.works(old)).isTrue();
            ground.recovers();
        }
    }

    /// The database's side within a second, whatever the store is up to; its side is owed, and done later.
    @ParameterizedTest
    @CsvSource({"revoke, sealed", "revoke, gone", "revoke, silent", "freeze, sealed", "freeze, gone", "freeze, silent"})
    void whoeverIsStoppedIsOutWhileTheStoreIsDown(String command, String trouble) throws Exception {
        try (var vault = OpenBaoServer.sealable(directory);
                var ground = applied(vault)) {
            var login = ground.published(Ground.AGENT).orElseThrow();
            var closedAfter = new java.util.concurrent.atomic.AtomicReference<Duration>();
            try (var session = ground.connect(Ground.AGENT);
                    var proxy = new LossyProxy(vault.address())) {
                switch (trouble) {
                    case "sealed" -> vault.seal();
                    case "gone" -> ground.reach(URI.create("http://127.0.0.1:9"));
                    default -> {
                        proxy.next("DELETE", LossyProxy.Fault.STALLED);
                        ground.reach(proxy.address());
                    }
                }
                long begin = System.nanoTime();
                ground.operator.onceAt(
                        Point.SESSIONS_ENDED, () -> closedAfter.set(Duration.ofNanos(System.nanoTime() - begin)));

                var said = command.equals("revoke")
                        ? ground.operator.run("revoke", "shop.yaml", "--agent", Ground.AGENT)
                        : ground.operator.run("freeze", "shop.yaml", "--reason", "incident 42");

                assertThat(said.code()).as(said.out() + said.err()).isEqualTo(4);
                assertThat(said.out()).contains("1 session ended").contains("still to be deleted");
                assertThat(session.isValid(5)).isFalse();
            }
            ground.operator.dieAt(FaultPoints.NONE);
            assertThat(closedAfter.get()).isLessThan(Duration.ofSeconds(2));
            assertThat(ground.works(login)).isFalse();
            // Only the first is not answered.
            var path = ground.path(command.equals("freeze") ? Ground.OTHER : Ground.AGENT);
            assertThat(ground.owed()).contains("ERASE_SECRET " + path);
            assertThat(ground.operator.run("status", "shop.yaml").out()).contains("owed: erasing secret " + path);

            ground.reach(vault.address());
            if (trouble.equals("sealed")) {
                assertThat(ground.operator.run("reap", "shop.yaml").code()).isEqualTo(4);
                vault.unseal();
            }
            ground.clean("reap", "shop.yaml");

            assertThat(ground.published(Ground.AGENT)).isEmpty();
            assertThat(ground.owed()).isEmpty();
        }
    }

    private Ground applied(OpenBao vault) throws SQLException, IOException {
        var ground = new Ground(directory, vault);
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        return ground;
    }
}
