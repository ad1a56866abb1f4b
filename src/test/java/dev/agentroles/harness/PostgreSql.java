package dev.agentroles.harness;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/// A running PostgreSQL of one major version, shared by all tests of the JVM and started when the first one
/// uses it.
///
/// Databases are for one test each ([#createDatabase]); roles belong to the whole server, so a test's roles
/// begin with its database's name.
///
/// `-Dagentroles.postgresql=18` runs only on the versions named.
public final class PostgreSql {
    /// The major versions that are supported, oldest first.
    public static final List<Integer> MAJORS = List.of(15, 16, 17, 18);

    private static final Map<Integer, PostgreSql> SERVERS = new ConcurrentHashMap<>();

    private final int major;
    private @Nullable Running running;

    private PostgreSql(int major) {
        this.major = major;
    }

    public static PostgreSql of(int major) {
        return SERVERS.computeIfAbsent(major, PostgreSql::new);
    }

    /// Where one version is enough because no engine differs: the newest of those that this run is about.
    public static PostgreSql newest() {
        return of(chosen().getLast());
    }

    /// Where two versions stand for all: the oldest and the newest of those that this run is about.
    public static Stream<PostgreSql> oldestAndNewest() {
        return Stream.of(of(chosen().getFirst()), newest()).distinct();
    }

    public static Stream<PostgreSql> all() {
        return chosen().stream().map(PostgreSql::of);
    }

    private static List<Integer> chosen() {
        var names = System.getProperty("agentroles.postgresql", "");
        return names.isBlank()
                ? MAJORS
                : Arrays.stream(names.split(","))
                        .map(String::strip)
                        .map(Integer::valueOf)
                        .sorted()
                        .toList();
    }

    public int major() {
        return major;
    }

    /// An empty database with a name that no other test has.
    public Database createDatabase() throws SQLException {
        return Database.create(this);
    }

    /// The JDBC URL of one of the server's databases, without credentials.
    public String url(String database) {
        return running().url(database);
    }

    /// The superuser, in the database `postgres`. The caller closes the connection.
    public Connection superuser() throws SQLException {
        return superuser("postgres");
    }

    public Connection superuser(String database) throws SQLException {
        return connect(database, superuserLogin());
    }

    public Login superuserLogin() {
        return running().superuser();
    }

    public Connection connect(String database, Login login) throws SQLException {
        return DriverManager.getConnection(url(database), login.username(), login.clear());
    }

    /// All that the server has logged so far; it logs every statement.
    public String log() {
        return running().log().get();
    }

    private synchronized Running running() {
        if (running == null) {
            running = PostgreSqlSources.start(major);
        }
        Ran.on(running.name());
        return running;
    }

    /// For messages and test names; does not start the server.
    @Override
    public String toString() {
        return "PostgreSQL " + major;
    }

    /// Every version that this run is about, as the argument of a parameterised class or test.
    public static final class Each implements ArgumentsProvider {
        @Override
        public Stream<? extends Arguments> provideArguments(
                ParameterDeclarations parameters, ExtensionContext context) {
            return all().map(Arguments::of);
        }
    }

    /// @param name product, exact version and where it came from
    /// @param address `jdbc:postgresql://host:port/`
    /// @param parameters what follows the database in the URL, with its question mark
    record Running(String name, String address, String parameters, Login superuser, Supplier<String> log) {
        String url(String database) {
            return address + database + parameters;
        }
    }
}
