package dev.agentroles.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.change.Dossier;
import dev.agentroles.engine.StatementForm;
import dev.agentroles.ledger.ChangeRequest;
import dev.agentroles.workspace.Result;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// What a person reads of change requests.
final class ChangeTextTest {
    private static final Instant AT = Instant.parse("2026-11-27T09:30:00.25Z");

    private static Dossier because(String reason) {
        return dossier("7438291048211110", reason, ChangeRequest.State.REQUESTED, Optional.empty());
    }

    private static Dossier dossier(
            String server, String reason, ChangeRequest.State state, Optional<ChangeRequest.Approval> approval) {
        return new Dossier(
                new Dossier.Place("staging", "shop", server, "shop", List.of("7438291048211110", "7438291048211111")),
                new ChangeRequest(
                        7,
                        new ChangeRequest.Asked("desk", "l_desk_1", AT, "ALTER TABLE orders\tADD note text", reason),
                        state,
                        Optional.empty(),
                        Optional.empty(),
                        approval,
                        Optional.empty()),
                new StatementForm(
                        "ALTER TABLE", StatementForm.Effect.CHANGES, List.of("it waits"), Optional.empty(), false),
                Optional.empty(),
                AT);
    }

    private static String list(Dossier dossier) {
        return new ChangeText(Paint.NONE)
                .list(List.of(new Result.Done<>("shop", List.of(dossier))), "shop.yaml", OptionalInt.empty());
    }

    private static String done(String server, String fingerprint) {
        var approval = new ChangeRequest.Approval(fingerprint, AT, Optional.empty());
        return new ChangeText(Paint.NONE)
                .one(
                        dossier(server, "because", ChangeRequest.State.DONE, Optional.of(approval)),
                        "shop; rm -rf x.yaml");
    }

    /// After a failover what was done before it was approved for the server before this one.
    @Test
    void whatWasApprovedForTheServerBeforeIsToldFromWhatWasAltered() {
        var approved = because("because").fingerprint();

        assertThat(done("7438291048211110", approved)).doesNotContain("approved");
        assertThat(done("7438291048211111", approved))
                .contains("it was approved for server 7438291048211110, whose place this one has taken")
                .doesNotContain("it is not what was approved");
        assertThat(done("7438291048211111", "0".repeat(64)))
                .contains("it is not what was approved: the statement, the server or the database is another");
    }

    @Test
    void aCommandThatIsToldNamesTheFileAsOneWord() {
        assertThat(done("7438291048211110", because("because").fingerprint()))
                .contains("agentroles plan 'shop; rm -rf x.yaml'   shows");
    }

    @Test
    void aLongReasonIsCutBetweenCharacters() {
        assertThat(list(because("the truck 🚚".repeat(9)))).isEqualTo("""
                REQUEST  AGENT  WHAT         STANDS                ASKED                 BECAUSE
                shop/7   desk   ALTER TABLE  waits for a decision  2026-11-27T09:30:00Z  the truck 🚚the truck 🚚the truck 🚚the truck 🚚the t…

                agentroles change show shop.yaml REQUEST shows the statement.
                """);
        assertThat(list(because("🚚".repeat(51)))).contains(" " + "🚚".repeat(49) + "…\n");
    }

    @Test
    void aRequestIsShownWithWhatCanBeDone() {
        var dossier = because("lines end\r\nhere");

        assertThat(new ChangeText(Paint.NONE).one(dossier, "shop.yaml"))
                .isEqualTo("""
                shop/7  ALTER TABLE, changes what is there: waits for a decision
                  asked by     agent desk as l_desk_1, 2026-11-27T09:30:00Z
                  because      lines end\\r\\nhere
                  for          staging, database shop, server 7438291048211110

                    ALTER TABLE orders    ADD note text

                  ! it waits
                  rehearsed    never: what the server would do nobody has seen

                agentroles change rehearse shop.yaml shop/7
                agentroles change approve shop.yaml shop/7 --expect %s
                agentroles change reject shop.yaml shop/7 --reason ...
                """.formatted(dossier.shortFingerprint()));
    }
}
