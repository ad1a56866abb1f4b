package dev.agentroles.harness;

import dev.agentroles.access.Secret;
import org.testcontainers.postgresql.PostgreSQLContainer;

/// PostgreSQL in a container. Apart from the other sources, so that Testcontainers is loaded only where
/// Docker is.
final class PostgreSqlContainer {
    private PostgreSqlContainer() {}

    // Testcontainers ends the container with the JVM; closing it is not our business.
    @SuppressWarnings({"resource", "MustBeClosedChecker"})
    static Running start(int major) {
        var container = new PostgreSQLContainer("postgres:" + major)
                .withUsername("postgres")
                .withCommand(
                        "postgres",
                        "-c",
                        "fsync=off",
                        "-c",
                        "max_connections=200",
                        "-c",
                        "max_prepared_transactions=10",
                        "-c",
                        "log_statement=all",
                        "-c",
                        "shared_preload_libraries=pg_stat_statements");
        container.start();
        return new Running(
                "PostgreSQL %d (container postgres:%d)".formatted(major, major),
                "jdbc:postgresql://%s:%d/".formatted(container.getHost(), container.getMappedPort(5432)),
                "",
                new Login(container.getUsername(), Secret.of(container.getPassword())),
                container::getLogs,
                container::stop);
    }
}
