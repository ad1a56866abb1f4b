package dev.agentroles.engine;

import java.sql.SQLException;

/// One server family. The rest of the program asks it, and never for a product name or a version.
public interface Engine {
    /// As the profile writes it: `postgresql`.
    String name();

    /// Opens an administrator's session.
    ///
    /// @throws SQLException as the driver says it; `describe` turns it into words
    Server connect(Target target) throws SQLException;
}
