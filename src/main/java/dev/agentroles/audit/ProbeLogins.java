package dev.agentroles.audit;

import dev.agentroles.access.Finding;
import dev.agentroles.engine.Target;
import java.sql.SQLException;
import java.util.List;

/// Lends logins of agents, each for as long as a trial takes: short-lived, and gone afterwards.
@FunctionalInterface
public interface ProbeLogins {
    /// Begins a trial: it may be held by another thread, beside what the caller does until it asks for the result.
    Begun begin(String agent, Trial trial);

    /// What is done with the login.
    @FunctionalInterface
    interface Trial {
        Tried as(Target login) throws SQLException;
    }

    /// A trial that was begun.
    @FunctionalInterface
    interface Begun {
        /// @return what the trial returned, when it is over
        Tried result() throws SQLException;
    }

    /// What came of a trial.
    record Tried(Verified.Probed probed, List<Finding> findings) {
        public Tried {
            findings = List.copyOf(findings);
        }
    }
}
