package dev.agentroles.engine.mysql;

import dev.agentroles.engine.Target;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// A login as the programs of the family read it: MySQL manual, 6.9, and MariaDB's page "MariaDB
/// Environment Variables". `MYSQL_USER` and `MYSQL_DATABASE` are what containers and frameworks have made
/// of it.
final class MySqlClient {
    private MySqlClient() {}

    static Map<String, String> environment(Target login) {
        var parts = MySqlUrl.parse(login.url()).orElseThrow();
        var host = parts.host().isEmpty() ? "localhost" : parts.host();
        var environment = new LinkedHashMap<String, String>();
        environment.put("MYSQL_HOST", host);
        environment.put("MYSQL_TCP_PORT", parts.port());
        environment.put("MYSQL_PORT", parts.port());
        environment.put("MYSQL_DATABASE", parts.database());
        environment.put("MYSQL_USER", login.username());
        login.password().reveal(password -> {
            environment.put("MYSQL_PWD", password);
            environment.put("MYSQL_PASSWORD", password);
            environment.put(
                    "DATABASE_URL",
                    parts.scheme() + "://" + encoded(login.username()) + ":" + encoded(password) + "@" + host + ":"
                            + parts.port() + "/" + encoded(parts.database()));
            return password;
        });
        return environment;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
