package dev.agentroles.engine.postgres;

import dev.agentroles.engine.Target;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.Driver;

/// A login as libpq and the programs that use it read it: manual, 34.1.1 and 34.15.
final class PostgresClient {
    /// Parameters that the driver and libpq share, by libpq's variable.
    private static final Map<String, String> SHARED = Map.of(
            "sslmode", "PGSSLMODE", "sslrootcert", "PGSSLROOTCERT", "sslcert", "PGSSLCERT", "sslkey", "PGSSLKEY");

    private PostgresClient() {}

    static Map<String, String> environment(Target login) {
        var url = Objects.requireNonNull(Driver.parseURL(login.url(), new Properties()), login.name());
        var environment = new LinkedHashMap<String, String>();
        environment.put("PGHOST", url.getProperty("PGHOST"));
        environment.put("PGPORT", url.getProperty("PGPORT"));
        environment.put("PGDATABASE", url.getProperty("PGDBNAME"));
        environment.put("PGUSER", login.username());
        SHARED.forEach((parameter, variable) -> {
            var value = url.getProperty(parameter);
            if (value != null) {
                environment.put(variable, value);
            }
        });
        login.password().reveal(password -> {
            environment.put("PGPASSWORD", password);
            environment.put("DATABASE_URL", connectionUri(url, login.username(), password));
            return password;
        });
        return environment;
    }

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
        return "postgresql://" + encoded(username) + ":" + encoded(password) + "@" + places + "/"
                + encoded(url.getProperty("PGDBNAME")) + (parameters.isEmpty() ? "" : "?" + parameters);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
