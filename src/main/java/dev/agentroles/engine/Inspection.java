package dev.agentroles.engine;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.RoleName;
import dev.agentroles.plan.Step;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// What one look at the catalogs found for one entry of a profile, taken with a fixed number of queries.
public interface Inspection {
    /// What is there of ours.
    AccessState access();

    /// What the profile wants, with every pattern turned into names.
    Desired resolve();

    /// What there is beside what is granted.
    ///
    /// @param wanted what [#resolve] found
    Inventory inventory(AccessState wanted);

    /// By which URLs each agent logs in once it holds what is wanted, by its role.
    ///
    /// @param urls of the profile
    /// @param wanted what [#resolve] found
    default Function<RoleName, AgentUrls> agentUrls(AgentUrls urls, AccessState wanted) {
        return _ -> urls;
    }

    /// The steps, in their order, as SQL, and what the administrator may not do of them: that is the one
    /// thing which the server is asked again, as it depends on the steps.
    Rendering render(List<Step> steps) throws SQLException;

    /// Logins of ours that the server has: the mark's lease id and when it expires there.
    List<LeaseLogin> leaseLogins();

    /// Roles and accounts that are called as those of the entry are, whoever made them.
    Set<RoleName> namesakes();
}
