package dev.agentroles.engine.postgres;

import dev.agentroles.access.Secret;
import dev.agentroles.engine.PasswordFile;
import dev.agentroles.engine.Target;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.Driver;

/// A login as libpq and the programs that use it read it: manual, 34.1.1 and 34.15.
final class PostgresClient {
    /// Parameters that the driver and libpq share, by libpq's variable.
    private static final Map<String, String> SHARED = Map.of(
            "sslmode", "PGSSLMODE", "sslrootcert", "PGSSLROOTCERT", "sslcert", "PGSSLCERT", "sslkey", "PGSSLKEY");

    /// Say where and as whom in place of the variables that we set, or beside them.
    static final Set<String> STRAY = Set.of("PGHOSTADDR", "PGSERVICE", "PGSERVICEFILE", "PGPASSFILE", "PGPASSWORD");

    private PostgresClient() {}

    static Map<String, String> environment(Target login) {
        var url = url(login);
        var environment = withoutPassword(login, url);
        login.password().reveal(password -> {
            environment.put("PGPASSWORD", password);
            environment.put("DATABASE_URL", connectionUri(url, login.username(), ":" + encoded(password)));
            return password;
        });
        return environment;
    }

    /// Manual, 34.16: `hostname:port:database:username:password`, where a colon and a backslash are escaped.
    static PasswordFile passwordFile(Target login) {
        var url = url(login);
        var environment = withoutPassword(login, url);
        environment.put("DATABASE_URL", connectionUri(url, login.username(), ""));
        var line = login.password()
                .reveal(password -> Secret.of("*:*:" + inPasswordFile(url.getProperty("PGDBNAME")) + ":"
                        + inPasswordFile(login.username()) + ":" + inPasswordFile(password) + "\n"));
        return new PasswordFile("PGPASSFILE", line, environment);
    }

    private static String inPasswordFile(String field) {
        return field.replace("\\", "\\\\").replace(":", "\\:");
    }

    private static Properties url(Target login) {
        return Objects.requireNonNull(Driver.parseURL(login.url(), new Properties()), login.name());
    }

    /// The brackets of an IPv6 address belong to URLs.
    private static Map<String, String> withoutPassword(Target login, Properties url) {
        var environment = new LinkedHashMap<String, String>();
        environment.put("PGHOST", url.getProperty("PGHOST").replaceAll("[\\[\\]]", ""));
        environment.put("PGPORT", url.getProperty("PGPORT"));
        environment.put("PGDATABASE", url.getProperty("PGDBNAME"));
        environment.put("PGUSER", login.username());
        SHARED.forEach((parameter, variable) -> {
            var value = url.getProperty(parameter);
            if (value != null) {
                environment.put(variable, value);
            }
        });
        return environment;
    }

    /// @param password with its colon, encoded; "" if there is to be none
    private static String connectionUri(Properties url, String username, String password) {
        var hosts = url.getProperty("PGHOST").split(",", -1);
        var ports = url.getProperty("PGPORT").split(",", -1);
        var places = Stream.iterate(0, i -> i < hosts.length, i -> i + 1)
                .map(i -> hosts[i] + ":" + ports[Math.min(i, ports.length - 1)])
                .collect(Collectors.joining(","));
        var parameters = SHARED.keySet().stream()
                .sorted()
                .filter(url::containsKey)
                .map(name -> name + "=" + encoded(url.getProperty(name)))
                .collect(Collectors.joining("&"));
        return "postgresql://" + encoded(username) + password + "@" + places + "/"
                + encoded(url.getProperty("PGDBNAME")) + (parameters.isEmpty() ? "" : "?" + parameters);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
