package dev.agentroles.engine;

import dev.agentroles.problem.Problem;
import java.sql.SQLException;

/// One server family. The rest of the program asks it, and never for a product name or a version.
public interface Engine {
    /// As the profile writes it: `postgresql`.
    String name();

    /// Opens an administrator's session.
    ///
    /// @throws SQLException as the driver says it; `describe` turns it into words
    Server connect(Target target) throws SQLException;

    /// What the server or the driver said, whose fault it is and what to do. Never a secret.
    Problem describe(SQLException said, Target target);

    /// What each tier promises here, how it is enforced and how it is probed.
    Promises promises();
}
