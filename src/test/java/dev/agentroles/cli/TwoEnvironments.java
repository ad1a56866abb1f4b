package dev.agentroles.cli;

import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/// A production, `shop.yaml`, and its staging, `staging.yaml`: both applied, with nothing in common but the
/// operator and the file that their logins are published in.
final class TwoEnvironments implements AutoCloseable {
    final Ground production;
    final Database staging;
    final Operator operator;
    private final Login administrator;

    TwoEnvironments(Path directory) throws SQLException, IOException {
        production = Ground.onFile(directory);
        operator = production.operator;
        staging = PostgreSql.newest().createDatabase();
        staging.execute("CREATE SCHEMA app", "CREATE TABLE app.orders AS SELECT 1 AS id");
        administrator = staging.administratorWithGrantOptions("app");
        staging.execute("GRANT CONNECT ON DATABASE %s TO %s WITH GRANT OPTION"
                .formatted(staging.name(), administrator.username()));
        writeStaging("");
        operator.set("STAGING_URL", staging.url());
        actAs(administrator);
        production.clean("apply", "shop.yaml", "--yes", "--no-verify");
        production.clean("apply", "staging.yaml", "--yes", "--no-verify");
    }

    /// @param waivers in YAML, or nothing
    void writeStaging(String waivers) throws IOException {
        operator.write("staging.yaml", """
                version: 1
                environment: staging
                store: {file: {path: leases.age, identity: {env: AGE_IDENTITY}}}
                databases:
                  %1$s:
                    engine: postgresql
                    url: {env: STAGING_URL}
                    admin: {username: {env: STAGING_ADMIN}, password: {env: STAGING_PASSWORD}}
                scopes:
                  orders: {database: %1$s, include: [app.orders]}
                agents:
                  support-bot: {access: [{scope: orders, tier: explore}]}
                """.formatted(staging.name()) + waivers);
    }

    private void actAs(Login login) {
        operator.set("STAGING_ADMIN", login.username());
        operator.set("STAGING_PASSWORD", login.clear());
    }

    /// Staging is administered by production's administrator from now on.
    void shareAdministrator() throws SQLException {
        var own = operator.administrator();
        staging.execute(
                "GRANT %s TO %s".formatted(administrator.username(), own.username()),
                "REASSIGN OWNED BY %s TO %s".formatted(administrator.username(), own.username()));
        actAs(own);
    }

    /// Staging's administrator has the password of production's from now on.
    void sharePassword() throws SQLException {
        var own = operator.administrator();
        try (var session = staging.superuser()) {
            session.unwrap(PGConnection.class)
                    .alterUserPassword(administrator.username(), own.clear().toCharArray(), "scram-sha-256");
        }
        actAs(new Login(administrator.username(), own.password()));
    }

    @Override
    public void close() throws SQLException {
        staging.close();
        production.close();
    }
}
