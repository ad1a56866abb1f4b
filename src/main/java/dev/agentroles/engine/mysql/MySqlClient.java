package dev.agentroles.engine.mysql;

import dev.agentroles.engine.Target;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// A login as the programs of the family read it: MySQL manual, 6.9, and MariaDB's page "MariaDB
/// Environment Variables". `MYSQL_USER` and `MYSQL_DATABASE` are what containers and frameworks have made
/// of it.
final class MySqlClient {
    /// Lead to another server, or to another account, in place of the variables that we set.
    static final Set<String> STRAY = Set.of("MYSQL_UNIX_PORT", "MYSQL_TEST_LOGIN_FILE", "MYSQL_GROUP_SUFFIX");

    private MySqlClient() {}

    static Map<String, String> environment(Target login) {
        var parts = MySqlUrl.parse(login.url()).orElseThrow();
        var host = host(parts.host());
        var environment = new LinkedHashMap<String, String>();
        environment.put("MYSQL_HOST", host.replaceAll("[\\[\\]]", ""));
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

    /// To the family's own programs `localhost` is a socket on this machine, whatever the port says.
    private static String host(String host) {
        return host.isEmpty() || host.equals("localhost") ? "127.0.0.1" : host;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
