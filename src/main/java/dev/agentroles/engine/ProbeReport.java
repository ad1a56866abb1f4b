package dev.agentroles.engine;

import dev.agentroles.access.Privilege;
import dev.agentroles.access.Securable;
import java.util.List;
import java.util.stream.Stream;

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
    /// @param told how a witness of the catalogs would tell of it, if it works and should not
    public record Attempt(
            String what,
            String statement,
            boolean promised,
            Outcome outcome,
            String answer,
            List<Need> needs,
            Told told) {
        public Attempt {
            needs = List.copyOf(needs);
        }
    }

    /// Which finding of the catalogs tells the same as an attempt.
    ///
    /// @param rules it is of one of these
    /// @param objects what is tried on: it is about one of these, or gives something on them; empty if nothing
    /// @param steps by one of which the power is reached, as a finding's path ends; empty if by none in
    /// particular
    public record Told(List<Rule> rules, List<Securable> objects, List<String> steps) {
        /// There is nothing to tell of what is promised.
        public static final Told NOT = new Told(List.of(), List.of(), List.of());

        public Told {
            rules = List.copyOf(rules);
            objects = List.copyOf(objects);
            steps = List.copyOf(steps);
        }

        public static Told by(Rule... rules) {
            return new Told(List.of(rules), List.of(), List.of());
        }

        public Told on(List<? extends Securable> more) {
            return new Told(
                    rules, Stream.concat(objects.stream(), more.stream()).toList(), steps);
        }

        public Told reachedBy(List<String> these) {
            return new Told(rules, objects, these);
        }
    }

    public record Need(Privilege privilege, Securable on) {}

    /// How the server took it.
    public enum Outcome {
        ALLOWED,
        /// For want of a right, and for nothing else.
        REFUSED,
        /// The guard itself failed, with an error that is no refusal.
        BROKEN,
        /// With an error that is neither of these and does not pass: what is promised does not work.
        FAILED,
        /// Twice something else came between: a lock, a timeout.
        UNDECIDED
    }
}
