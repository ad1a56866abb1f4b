package dev.agentroles.audit;

import dev.agentroles.engine.ProbeReport;
import dev.agentroles.engine.Target;
import java.sql.SQLException;

/// Lends a login of an agent for as long as a trial takes: short-lived, and gone afterwards.
@FunctionalInterface
public interface ProbeLogins {
    /// @return what `trial` returned
    ProbeReport during(String agent, Trial trial) throws SQLException;

    /// What is done with the login.
    @FunctionalInterface
    interface Trial {
        ProbeReport as(Target login) throws SQLException;
    }
}
