package dev.agentroles.engine;

import dev.agentroles.access.Privilege;
import dev.agentroles.access.Securable;
import java.util.List;

/// What an agent's own session could do and could not.
///
/// @param relations tables and views of the database
/// @param probed how many of them were tried: a sample of every schema
public record ProbeReport(int relations, int probed, List<Attempt> attempts) {
    public ProbeReport {
        attempts = List.copyOf(attempts);
    }

    /// One statement that was tried.
    ///
    /// @param what the statement stands for: `read app.orders`
    /// @param promised whether the tier promises it; otherwise the tier denies it
    /// @param answer what the server said; empty if nothing
    /// @param needs every privilege without which it is refused; empty if privileges alone do not decide
    /// @param rules what a witness of the catalogs would report of it, if it works and should not
    public record Attempt(
            String what,
            String statement,
            boolean promised,
            Outcome outcome,
            String answer,
            List<Need> needs,
            List<Rule> rules) {
        public Attempt {
            needs = List.copyOf(needs);
            rules = List.copyOf(rules);
        }
    }

    public record Need(Privilege privilege, Securable on) {}

    /// How the server took it.
    public enum Outcome {
        ALLOWED,
        /// For want of a right, and for nothing else.
        REFUSED,
        /// Twice something else came between: a lock, a timeout, an object that has gone.
        UNDECIDED
    }
}
