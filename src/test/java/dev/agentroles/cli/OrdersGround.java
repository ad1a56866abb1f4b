package dev.agentroles.cli;

import dev.agentroles.harness.Login;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.MySqlDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/// A table of orders on MySQL or MariaDB, an agent that reads it, and an administrator with the rights that `init`
/// lists: the ground on which servers and profiles must be refused, or must not matter.
final class OrdersGround implements AutoCloseable {
    final MySql server;
    final MySqlDatabase database;
    private final Path directory;

    /// Whom the tests run commands as.
    Operator operator;

    OrdersGround(MySql server, Path directory) throws SQLException {
        this.server = server;
        this.directory = directory;
        database = server.createDatabase();
        database.execute("CREATE TABLE orders (id int PRIMARY KEY, total int)");
        operator = new Operator(directory, database, database.administrator());
    }

    /// Commands are those of somebody else from now on.
    void actAs(Login administrator) {
        operator = new Operator(directory, database, administrator);
    }

    void profile(String include, String scope, String agent) throws IOException {
        profile("", include, scope, agent);
    }

    /// @param entry lines of the database's entry
    void profile(String entry, String include, String scope, String agent) throws IOException {
        operator.write(
                "shop.yaml",
                operator.head("production") + entry + """
                scopes:
                  orders:
                    database: %1$s
                    include: [%2$s]
                    %3$s
                agents:
                  bot:
                    access: [{scope: orders, tier: explore}]
                    %4$s
                """.formatted(database.name(), include, scope, agent));
    }

    /// The same profile in a file, but its agent writes.
    void writer(String file) throws IOException {
        operator.write(file, Files.readString(directory.resolve("shop.yaml")).replace("tier: explore", "tier: writer"));
    }

    String orders() {
        return database.name() + ".orders";
    }

    Operator.Said ends(int code, String... arguments) {
        return operator.ends(code, arguments);
    }

    Login published() {
        return operator.published("bot");
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }
}
