package dev.agentroles.harness;

import dev.agentroles.access.Secret;
import dev.agentroles.harness.MySql.Release;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.containers.JdbcDatabaseContainer;
import org.testcontainers.mariadb.MariaDBContainer;
import org.testcontainers.mysql.MySQLContainer;

/// MySQL or MariaDB in a container. Apart from the other sources, so that Testcontainers is loaded
/// only where Docker is.
final class MySqlContainer {
    private static final String LOG = "/var/lib/mysql/statements.log";

    private MySqlContainer() {}

    // Testcontainers ends the container with the JVM; closing it is not our business.
    @SuppressWarnings({"resource", "MustBeClosedChecker"})
    static Running start(Release release, List<String> options) {
        var image = release.engine() + ":" + release.version();
        JdbcDatabaseContainer<?> container =
                release.mariadb() ? new MariaDBContainer(image) : new MySQLContainer(image);
        var command = new ArrayList<>(List.of(
                "--max-connections=200",
                "--innodb-flush-log-at-trx-commit=0",
                "--sync-binlog=0",
                "--log-output=FILE",
                "--general-log",
                "--general-log-file=" + LOG));
        command.addAll(options);
        container.withUsername("root").withCommand(command.toArray(String[]::new));
        container.start();
        return new Running(
                "%s (container %s)".formatted(release, image),
                "jdbc:mysql://%s:%d/".formatted(container.getHost(), container.getMappedPort(3306)),
                "",
                new Login(container.getUsername(), Secret.of(container.getPassword())),
                () -> log(container),
                container::stop);
    }

    private static String log(JdbcDatabaseContainer<?> container) {
        try {
            return container.getLogs() + container.execInContainer("cat", LOG).getStdout();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + LOG, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading " + LOG, e);
        }
    }
}
