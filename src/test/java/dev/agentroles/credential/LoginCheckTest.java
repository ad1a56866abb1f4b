package dev.agentroles.credential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.RoleName;
import dev.agentroles.access.Secret;
import dev.agentroles.access.SessionBounds;
import dev.agentroles.engine.AgentUrls;
import dev.agentroles.engine.Logins.Proof;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is waited for, where agents go another way than we do.
final class LoginCheckTest {
    private static final LeaseOrder ORDER = new LeaseOrder(
            "production",
            "shop",
            "bot",
            "explore",
            "",
            new AgentUrls("direct", "published"),
            new Home("server-of-tests", Set.of()),
            new StorePath("agents/bot"),
            "digest",
            Duration.ofHours(1),
            5,
            SessionBounds.NONE);

    private final List<String> tried = new ArrayList<>();

    private Proof check(Proof... byTheAgentsUrl) {
        Deque<Proof> answers = new ArrayDeque<>(List.of(byTheAgentsUrl));
        var check = new LoginCheck((url, _, _, _) -> {
            tried.add(url);
            return url.equals("direct") ? new Proof.Proven() : answers.remove();
        });
        return check.of(ORDER, new RoleName("ar_shop_bot_1abc"), Secret.of("sesame"));
    }

    @Test
    void aReplicaThatHasNotHeardOfALoginIsAskedAgain() {
        var proof = check(new Proof.Disproved("no such role", Proof.Verdict.NOT_YET), new Proof.Proven());

        assertThat(proof).isEqualTo(new Proof.Proven());
        assertThat(tried).containsExactly("direct", "published", "published");
    }

    @Test
    void howLongItWasAskedIsTold() {
        var check = new LoginCheck(
                (url, _, _, _) -> url.equals("direct")
                        ? new Proof.Proven()
                        : new Proof.Disproved("no such role", Proof.Verdict.NOT_YET),
                Duration.ZERO);

        assertThat(check.of(ORDER, new RoleName("ar_shop_bot_1abc"), Secret.of("sesame")))
                .isEqualTo(new Proof.Disproved(
                        "by the agents' URL published, asked for 0 s in case that a replica there is behind: no such"
                                + " role",
                        Proof.Verdict.NOT_YET));
    }

    @ParameterizedTest
    @EnumSource(
            value = Proof.Verdict.class,
            names = {"NEVER", "UNREACHED"})
    void whatNoWaitingCuresIsAskedOnce(Proof.Verdict verdict) {
        var proof = check(new Proof.Disproved("it landed in database other", verdict), new Proof.Proven());

        assertThat(proof)
                .isEqualTo(new Proof.Disproved("by the agents' URL published: it landed in database other", verdict));
        assertThat(tried).containsExactly("direct", "published");
    }
}
