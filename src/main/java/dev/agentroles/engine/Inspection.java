package dev.agentroles.engine;

import dev.agentroles.access.AccessState;
import dev.agentroles.plan.Step;
import java.sql.SQLException;
import java.util.List;

/// What one look at the catalogs found for one entry of a profile, taken with a fixed number of queries.
public interface Inspection {
    /// What is there of ours.
    AccessState access();

    /// What the profile wants, with every pattern turned into names.
    Desired resolve();

    /// The steps, in their order, as SQL, and what the administrator may not do of them: that is the one
    /// thing which the server is asked again, as it depends on the steps.
    Rendering render(List<Step> steps) throws SQLException;

    /// Logins of ours that the server has: the mark's lease id and when it expires there.
    List<LeaseLogin> leaseLogins();
}
