package dev.agentroles.harness;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/// A PostgreSQL of one major version.
///
/// `-Dagentroles.postgresql=18` runs only on the versions named.
public final class PostgreSql extends TestServer {
    /// The major versions that are supported, oldest first.
    public static final List<Integer> MAJORS = List.of(15, 16, 17, 18);

    private static final Map<Integer, PostgreSql> SERVERS = new ConcurrentHashMap<>();

    private final int major;
    private final boolean own;
    private final IdleSessions idle = new IdleSessions();

    private PostgreSql(int major, boolean own) {
        this.major = major;
        this.own = own;
    }

    public static PostgreSql of(int major) {
        return SERVERS.computeIfAbsent(major, number -> new PostgreSql(number, false));
    }

    /// A server of the same version that nobody else uses, on this machine, so that it may be killed.
    public PostgreSql another() {
        return new PostgreSql(major, true);
    }

    @Override
    Running start() {
        return own ? source().script() : super.start();
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
        return Database.create(this, "");
    }

    /// The same in an encoding where a letter is a byte.
    public Database createDatabaseInLatin1() throws SQLException {
        return Database.create(this, "ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    }

    @Override
    <T> T asSuperuser(String database, Work<T> work, String... statements) throws SQLException {
        idle.before(statements);
        var session = session(database);
        try {
            var answer = work.in(session);
            idle.put(database, session);
            return answer;
        } catch (SQLException | RuntimeException | Error failed) {
            session.close();
            throw failed;
        }
    }

    private Connection session(String database) throws SQLException {
        use();
        var session = idle.take(database);
        return session == null ? superuser(database) : session;
    }

    /// Nobody of ours stays in a database.
    void leave(String database) throws SQLException {
        idle.end(database);
    }

    @Override
    ServerSource source() {
        return new ServerSource(
                "PostgreSQL",
                "postgresql",
                Integer.toString(major),
                "jdbc:postgresql:",
                "postgres",
                List.of(),
                () -> PostgreSqlContainer.start(major));
    }

    @Override
    String anyDatabase() {
        return "postgres";
    }

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
}
