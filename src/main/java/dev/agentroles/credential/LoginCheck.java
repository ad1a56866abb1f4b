package dev.agentroles.credential;

import dev.agentroles.access.RoleName;
import dev.agentroles.access.Secret;
import dev.agentroles.engine.Logins;
import dev.agentroles.engine.Logins.Proof;
import java.time.Duration;

/// Logs in with what an agent has, by every way there is: to the server itself, and by the URL that the agent
/// is told where that is another one.
record LoginCheck(Logins logins) {
    /// A replica knows a login a moment after its primary does, and so may a pooler.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofMillis(200);

    Proof of(LeaseOrder order, RoleName login, Secret password) {
        var direct = directly(order, login, password);
        return direct instanceof Proof.Proven && order.urls().apart() ? asTold(order, login, password) : direct;
    }

    Proof directly(LeaseOrder order, RoleName login, Secret password) {
        return logins.prove(order.urls().direct(), login, password, order.agentRole());
    }

    /// Whoever is not reached is not waited for: there may be a thousand agents to try.
    private Proof asTold(LeaseOrder order, RoleName login, Secret password) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            var url = order.urls().published();
            if (!(logins.prove(url, login, password, order.agentRole())
                    instanceof Proof.Disproved(var what, boolean certain))) {
                return new Proof.Proven();
            }
            if (!certain || System.nanoTime() > end || !slept()) {
                var patience = certain
                        ? ", asked for " + PATIENCE.toSeconds() + " s in case that a replica there is behind: "
                        : ": ";
                return new Proof.Disproved("by the agents' URL " + url + patience + what, certain);
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
