package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.OnOldestAndNewestPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A database that is restored has a ledger from before a stop. Nothing is issued to whom that stopped, although no
/// login of that time is left to tell.
@OnOldestAndNewestPostgreSql
final class ForgottenStopTest {
    private static final String FORGOTTEN =
            ", and the ledger has forgotten it: it was put back, as by a backup that was"
                    + " restored; nothing is issued; agentroles ";

    @AutoClose
    private final Ground shop;

    ForgottenStopTest(PostgreSql server, @TempDir Path folder) throws SQLException, IOException {
        shop = Ground.onFile(server, folder);
    }

    @BeforeEach
    void everythingIsApplied() {
        shop.clean("apply", "shop.yaml", "--yes", "--no-verify");
    }

    private void forget(String... stop) throws SQLException {
        var backup = LedgerBackup.of(shop.database);
        shop.clean(stop);
        shop.clean("reap", "shop.yaml");
        backup.restore();
        // What was published then is gone, whatever the ledger believes.
        shop.operator.run("reap", "shop.yaml");
    }

    private void saysSo(int code, String what, String... command) {
        var said = shop.operator.run(command);
        assertThat(said.code()).as(said.out() + said.err()).isEqualTo(code);
        assertThat(said.out() + said.err()).contains(what + FORGOTTEN);
    }

    private String revoked() {
        return "agent " + shop.agent() + " was revoked on " + shop.database.name();
    }

    private String frozen() {
        return "environment production was frozen on " + shop.database.name();
    }

    private List<String> marks() throws SQLException {
        return shop.database.query("""
                SELECT rolname FROM pg_roles
                 WHERE starts_with(rolname, 'ar_%s_') AND NOT rolcanlogin AND rolname !~ '_[0-9][^_]{7}$'
                   AND (rolconnlimit <> -1 OR coalesce(rolvaliduntil, 'infinity') <> 'infinity')
                """.formatted(shop.database.name()));
    }

    @Test
    void anAgentWhoseRevocationTheLedgerHasForgottenIsIssuedNothing() throws SQLException {
        forget("revoke", "shop.yaml", "--agent", shop.agent());

        saysSo(3, revoked(), "rotate", "shop.yaml");
        saysSo(3, revoked(), "rotate", "shop.yaml", "--agent", shop.agent());
        saysSo(4, revoked(), "apply", "shop.yaml", "--yes", "--no-verify");
        saysSo(3, revoked(), "exec", "shop.yaml", "--agent", shop.agent(), "--", "true");
        assertThat(shop.operator.run("status", "shop.yaml").err()).contains(revoked());

        assertThat(shop.published(shop.agent())).isEmpty();
        assertThat(shop.works(shop.published(shop.other()).orElseThrow())).isTrue();
        shop.clean("rotate", "shop.yaml", "--agent", shop.other());
    }

    @Test
    void toRevokeAgainIsAnAnswer() throws SQLException {
        forget("revoke", "shop.yaml", "--agent", shop.agent());

        shop.clean("revoke", "shop.yaml", "--agent", shop.agent());

        assertThat(shop.clean("rotate", "shop.yaml").out()).contains(": revoked by tester@test");
        shop.clean("apply", "shop.yaml", "--yes", "--no-verify");
        assertThat(shop.published(shop.agent())).isEmpty();
    }

    @Test
    void toThawIsAnAnswer() throws SQLException {
        forget("revoke", "shop.yaml", "--agent", shop.agent());

        var said = shop.clean("thaw", "shop.yaml", "--agent", shop.agent(), "--yes", "--environment", "production");

        assertThat(said.out())
                .isEqualTo("+ %s on %s thawed; the ledger had forgotten who stopped it\n"
                        .formatted(shop.agent(), shop.database.name()));
        shop.clean("rotate", "shop.yaml");
        assertThat(shop.works(shop.published(shop.agent()).orElseThrow())).isTrue();
        assertThat(marks()).isEmpty();
    }

    @Test
    void anEnvironmentWhoseFreezeTheLedgerHasForgottenIsIssuedNothing() throws SQLException {
        forget("freeze", "shop.yaml", "--reason", "incident 42");

        saysSo(3, frozen(), "rotate", "shop.yaml", "--all");
        saysSo(3, frozen(), "apply", "shop.yaml", "--yes", "--no-verify");
        saysSo(3, frozen(), "exec", "shop.yaml", "--agent", shop.other(), "--", "true");
        assertThat(shop.published(shop.agent())).isEmpty();
        assertThat(shop.published(shop.other())).isEmpty();

        assertThat(shop.clean("thaw", "shop.yaml", "--yes", "--environment", "production")
                        .out())
                .contains("thawed; the ledger had forgotten who stopped it");
        shop.clean("apply", "shop.yaml", "--yes", "--no-verify");
        assertThat(shop.works(shop.published(shop.agent()).orElseThrow())).isTrue();
        assertThat(marks()).isEmpty();
    }

    /// The end of a freeze is not that of a revocation: neither in the ledger nor beside it.
    @Test
    void eachStopIsRememberedByItself() throws SQLException {
        shop.clean("revoke", "shop.yaml", "--agent", shop.other());
        shop.clean("freeze", "shop.yaml", "--reason", "incident 42");
        var backup = LedgerBackup.of(shop.database);
        shop.clean("thaw", "shop.yaml", "--yes", "--environment", "production");
        backup.restore();

        // The ledger believes in a freeze that is over: that stops too much, and not too little.
        shop.ends(3, "rotate", "shop.yaml");
        shop.clean("thaw", "shop.yaml", "--yes", "--environment", "production");
        assertThat(marks()).containsExactly("ar_%s_%s".formatted(shop.database.name(), shop.other()));

        shop.clean("thaw", "shop.yaml", "--agent", shop.other(), "--yes", "--environment", "production");
        assertThat(marks()).isEmpty();
    }

    /// It was killed before that, or an older agentroles stopped.
    @Test
    void aReapNotesAStopThatLeftNothingBesideTheLedger() throws SQLException {
        shop.clean("revoke", "shop.yaml", "--agent", shop.agent());
        shop.database.execute("ALTER ROLE \"%s\" VALID UNTIL 'infinity'".formatted(marks().getFirst()));

        shop.clean("reap", "shop.yaml");

        assertThat(marks()).hasSize(1);
    }
}
