package dev.agentroles.credential;

import dev.agentroles.access.RoleName;
import dev.agentroles.access.Secret;
import dev.agentroles.engine.Logins.Proof;
import java.time.Duration;

/// Logs in with what an agent has, by every way there is: to the server itself, and by the URL that the agent
/// is told where that is another one.
///
/// @param prover who logs in, and looks around
/// @param patience how long to wait for what time may cure
record LoginCheck(Prover prover, Duration patience) {
    /// As [dev.agentroles.engine.Logins#prove].
    @FunctionalInterface
    interface Prover {
        Proof prove(String url, RoleName login, Secret password, RoleName agentRole);
    }

    /// A replica knows a login a moment after its primary does, and so may a pooler. Another server, to which the URL
    /// leads by mistake, says the same, and is waited for as long.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofMillis(200);

    LoginCheck(Prover prover) {
        this(prover, PATIENCE);
    }

    Proof of(LeaseOrder order, RoleName login, Secret password) {
        var direct = directly(order, login, password);
        return direct instanceof Proof.Proven && order.urls().apart() ? asTold(order, login, password) : direct;
    }

    Proof directly(LeaseOrder order, RoleName login, Secret password) {
        return prover.prove(order.urls().direct(), login, password, order.agentRole());
    }

    /// Only what time may cure is waited for, as there may be a thousand agents to try: not whoever is not reached,
    /// nor what says that the URL leads elsewhere.
    private Proof asTold(LeaseOrder order, RoleName login, Secret password) {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            var url = order.urls().published();
            if (!(prover.prove(url, login, password, order.agentRole())
                    instanceof Proof.Disproved(var what, var verdict))) {
                return new Proof.Proven();
            }
            boolean passing = verdict == Proof.Verdict.NOT_YET;
            if (!passing || System.nanoTime() > end || !slept()) {
                var waited = passing
                        ? ", asked for " + patience.toSeconds() + " s in case that a replica there is behind: "
                        : ": ";
                return new Proof.Disproved("by the agents' URL " + url + waited + what, verdict);
            }
        }
    }

    /// @return false if this thread is to end
    private static boolean slept() {
        try {
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
