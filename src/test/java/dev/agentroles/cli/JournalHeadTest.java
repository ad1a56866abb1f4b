package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Somebody emptied the table that says where the journal ends.
final class JournalHeadTest {
    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.agentroles.cli.LeaseGround#newest")
    void withoutItNothingIsDoneAndTheCureIsSaid(CrashMatrix.Grounds grounds, @TempDir Path folder) throws Exception {
        try (var shop = grounds.in(folder)) {
            shop.clean("apply", "shop.yaml", "--yes", "--no-verify");
            var before = shop.published(shop.agent());
            var logins = shop.logins();
            shop.database().execute("DELETE FROM agentroles.journal_head");

            var rotated = shop.operator().run("rotate", "shop.yaml", "--all");

            assertThat(rotated.code()).as(rotated.out() + rotated.err()).isNotZero();
            assertThat(rotated.out() + rotated.err())
                    .contains("the journal has lost its head: somebody emptied table agentroles.journal_head");
            assertThat(shop.logins()).isEqualTo(logins);
            assertThat(shop.published(shop.agent())).isEqualTo(before);

            shop.database()
                    .execute("INSERT INTO agentroles.journal_head (seq, previous_hash, hash) SELECT seq, previous_hash,"
                            + " hash FROM agentroles.journal ORDER BY seq DESC LIMIT 1");
            shop.clean("rotate", "shop.yaml", "--all");
            shop.serverAndLedgerAgree("after the head was put back");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.agentroles.cli.LeaseGround#newest")
    void aStopPutsItBackAndVerifyNeverForgets(CrashMatrix.Grounds grounds, @TempDir Path folder) throws Exception {
        try (var shop = grounds.in(folder)) {
            shop.clean("apply", "shop.yaml", "--yes", "--no-verify");
            shop.database().execute("DELETE FROM agentroles.journal_head");

            var revoked = shop.operator().run("revoke", "shop.yaml", "--agent", shop.agent());
            var frozen = shop.operator().run("freeze", "shop.yaml", "--reason", "incident");

            assertThat(revoked.code()).as(revoked.out() + revoked.err()).isEqualTo(4);
            assertThat(revoked.out()).contains("the journal had lost its head", "1 login closed");
            assertThat(frozen.code()).as(frozen.out() + frozen.err()).isZero();
            assertThat(shop.operator().run("verify", "shop.yaml", "--no-probes").out())
                    .contains("JOURNAL-BROKEN", "the head of the journal was gone before entry");
        }
    }
}
