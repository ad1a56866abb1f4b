package dev.agentroles.apply;

import dev.agentroles.access.Lease;
import dev.agentroles.problem.Problem;
import java.util.List;

/// What was done to one database.
///
/// @param proposal that was carried out
/// @param issued leases that are new
/// @param ended logins that are gone, by lease
/// @param failed what could not be done; running again tries it again
public record Outcome(Proposal proposal, List<Lease> issued, List<String> ended, List<Problem> failed) {
    public Outcome {
        issued = List.copyOf(issued);
        ended = List.copyOf(ended);
        failed = List.copyOf(failed);
    }

    /// Whether all of the plan is done.
    public boolean complete() {
        return failed.isEmpty();
    }
}
