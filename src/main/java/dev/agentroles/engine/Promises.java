package dev.agentroles.engine;

import dev.agentroles.access.Tier;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What an engine promises for each tier: rendered by `agentroles tiers`, from the same tables that the
/// engine enforces and probes by.
///
/// @param engine as the profile writes it
public record Promises(String engine, List<Promise> promises) {
    public Promises {
        promises = List.copyOf(promises);
    }

    /// @param what an agent might do, in a few words
    /// @param answers by tier
    /// @param enforced by which means of the server
    /// @param probed how `verify` tries it as the agent
    public record Promise(String what, Map<Tier, Answer> answers, String enforced, String probed) {
        public Promise {
            answers = Map.copyOf(answers);
        }

        public Answer answer(Tier tier) {
            return Objects.requireNonNull(answers.get(tier), tier.word());
        }
    }

    /// What a tier says to it.
    public enum Answer {
        YES,
        NO,
        /// Only with WHERE and up to the cap.
        GUARDED,
        /// The engine cannot hold an agent to this tier yet.
        UNAVAILABLE
    }
}
