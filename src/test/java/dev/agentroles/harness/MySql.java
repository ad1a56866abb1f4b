package dev.agentroles.harness;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/// A MySQL or MariaDB of one version.
///
/// `-Dagentroles.mysql=mysql-9.7,mariadb-11.4` runs only on the versions named; `none` on none.
public final class MySql extends TestServer {
    /// One product and version that is supported.
    ///
    /// @param engine as the profile writes it
    /// @param version as `scripts/servers` knows it
    public record Release(String engine, String version) {
        public boolean mariadb() {
            return engine.equals("mariadb");
        }

        /// Whether a version is a later one. Of `8.0` only an early release is tested: any `8.0.x`
        /// is later.
        public boolean before(String other) {
            var mine = numbers(version);
            var theirs = numbers(other);
            for (int place = 0; place < mine.size(); place++) {
                int order = mine.get(place).compareTo(theirs.get(place));
                if (order != 0) {
                    return order < 0;
                }
            }
            return theirs.size() > mine.size();
        }

        private static List<Integer> numbers(String version) {
            return Pattern.compile("\\.")
                    .splitAsStream(version)
                    .map(Integer::valueOf)
                    .toList();
        }

        /// `MySQL 9.7`
        @Override
        public String toString() {
            return (mariadb() ? "MariaDB " : "MySQL ") + version;
        }

        String key() {
            return engine + "-" + version;
        }
    }

    /// Oldest first, MySQL before MariaDB.
    public static final List<Release> RELEASES = List.of(
            new Release("mysql", "8.0"),
            new Release("mysql", "9.7"),
            new Release("mariadb", "10.11"),
            new Release("mariadb", "11.4"),
            new Release("mariadb", "11.8"));

    private static final Map<Release, MySql> SERVERS = new ConcurrentHashMap<>();

    private final Release release;
    private final List<String> options;

    private MySql(Release release) {
        this(release, List.of());
    }

    private MySql(Release release, List<String> options) {
        this.release = release;
        this.options = options;
    }

    public static MySql of(Release release) {
        return SERVERS.computeIfAbsent(release, MySql::new);
    }

    public static Stream<MySql> all() {
        return chosen().map(MySql::of);
    }

    /// The newest of each product.
    public static List<MySql> newest() {
        return newestOf(RELEASES.stream());
    }

    /// Where one version stands for all of its product: the newest of those that this run is about.
    public static Stream<MySql> newestChosen() {
        return newestOf(chosen()).stream();
    }

    private static List<MySql> newestOf(Stream<Release> releases) {
        return releases
                .collect(Collectors.groupingBy(Release::engine, LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .map(ofOneProduct -> of(ofOneProduct.getLast()))
                .toList();
    }

    private static Stream<Release> chosen() {
        var names = System.getProperty("agentroles.mysql", "");
        if (names.isBlank()) {
            return RELEASES.stream();
        }
        var wanted = Arrays.stream(names.split(",")).map(String::strip).toList();
        var known = RELEASES.stream().map(Release::key).toList();
        if (!wanted.equals(List.of("none")) && !known.containsAll(wanted)) {
            throw new IllegalArgumentException("agentroles.mysql is " + names + "; none, or of " + known);
        }
        return RELEASES.stream().filter(release -> wanted.contains(release.key()));
    }

    /// A server of the same version that nobody else uses, so that it may be killed.
    public MySql another() {
        return new MySql(release);
    }

    /// A server of the same version, of its own, started with these options: never one that somebody else runs.
    public MySql with(String... own) {
        return new MySql(release, List.of(own));
    }

    public Release release() {
        return release;
    }

    public boolean mariadb() {
        return release.mariadb();
    }

    /// An empty database with a name that no other test has.
    public MySqlDatabase createDatabase() throws SQLException {
        return MySqlDatabase.create(this);
    }

    /// Without TLS, unless the URL asks for it: most of a test's questions take less time than a handshake.
    @Override
    public Connection superuser(String database) throws SQLException {
        var login = superuserLogin();
        var properties = new Properties();
        properties.setProperty("user", login.username());
        properties.setProperty("password", login.clear());
        properties.setProperty("sslMode", "DISABLED");
        properties.setProperty("allowPublicKeyRetrieval", "true");
        return DriverManager.getConnection(url(database), properties);
    }

    @Override
    ServerSource source() {
        return new ServerSource(
                mariadb() ? "MariaDB" : "MySQL",
                release.engine(),
                release.version(),
                "jdbc:mysql:",
                "root",
                options,
                () -> MySqlContainer.start(release, options));
    }

    @Override
    String anyDatabase() {
        return "";
    }

    @Override
    public String toString() {
        return release.toString();
    }

    /// Every server that this run is about, as the argument of a parameterised class or test.
    public static final class Each implements ArgumentsProvider {
        @Override
        public Stream<? extends Arguments> provideArguments(
                ParameterDeclarations parameters, ExtensionContext context) {
            return all().map(Arguments::of);
        }
    }
}
