package dev.agentroles.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Lease;
import dev.agentroles.access.RoleName;
import dev.agentroles.apply.AgentStatus;
import dev.agentroles.credential.Reaper;
import dev.agentroles.credential.Rotation;
import dev.agentroles.engine.Logins;
import dev.agentroles.ledger.Actor;
import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.ledger.Owed;
import dev.agentroles.ledger.StoppedBy;
import dev.agentroles.life.LoggedEntry;
import dev.agentroles.life.Rotator;
import dev.agentroles.problem.Problem;
import dev.agentroles.workspace.Result;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// Whoever may write to the ledger or to the store could put into a name what moves the cursor.
final class PrintedNamesTest {
    private static final String EVIL = "x\u001b[2K\ry";
    private static final Instant NOW = Instant.EPOCH;
    private static final Lease LEASE =
            new Lease(EVIL, EVIL, new RoleName(EVIL), Lease.State.PUBLISHED, NOW, NOW, "digest", Optional.of(1L));
    private static final Owed OWED = new Owed(1, Owed.Work.ERASE_SECRET, EVIL, EVIL, NOW, 1, EVIL);

    @Test
    void noneOfThemReachesTheTerminal() {
        var freeze = new StoppedBy(EVIL, NOW, EVIL);
        var entry =
                new JournalEntry(NOW, new Actor(EVIL, EVIL), EVIL, Optional.of(EVIL), Optional.of(EVIL), EVIL, EVIL);
        var status = new AgentStatus(
                "shop",
                "staging",
                true,
                NOW,
                Optional.of(freeze),
                List.of(new AgentStatus.Row(
                        EVIL,
                        Optional.empty(),
                        Optional.of(freeze),
                        List.of(new AgentStatus.OpenLease(LEASE, LeaseRow.Purpose.AGENT, true, true, 0)))),
                List.of(OWED),
                List.of(Problem.of(EVIL)),
                List.of(new Logins.PreparedTransaction(EVIL, EVIL)),
                1,
                Optional.of(entry));
        var reaped = new Reaper.Reaped(
                List.of(LEASE), List.of(new RoleName(EVIL)), 0, List.of(), List.of(OWED), List.of(OWED), List.of());
        var rotated = new Rotator.Turn.Ended("bot", new Rotation.Outcome.Rotated(LEASE, EVIL, List.of(LEASE)));

        assertThat(List.of(
                        new StatusText(Paint.NONE, OptionalInt.empty())
                                .human(List.of(new Result.Done<>("shop", status))),
                        new EndsText(Paint.NONE).reaped(List.of(new Result.Done<>("shop", reaped))),
                        new RotationText(Paint.NONE, true).human(List.of(new Result.Done<>("shop", List.of(rotated)))),
                        new LogText(Paint.NONE).human("shop", new LoggedEntry(1, entry))))
                .allSatisfy(text -> assertThat(text).contains("x\\x1b[2K\\ry").doesNotContain("\u001b", "\r"));
    }
}
