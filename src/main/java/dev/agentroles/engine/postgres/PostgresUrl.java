package dev.agentroles.engine.postgres;

import dev.agentroles.problem.Position;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile.Tls;
import dev.agentroles.profile.UrlRule;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.postgresql.Driver;

/// What a JDBC URL of PostgreSQL must look like: read by the driver itself, so that we judge what it will do.
/// Parameters: <https://jdbc.postgresql.org/documentation/use/>.
final class PostgresUrl implements UrlRule {
    private static final String PREFIX = "jdbc:postgresql:";
    private static final String EXAMPLE = "for example jdbc:postgresql://db1.example.com:5432/shop?sslmode=verify-full";

    /// The driver takes no host for this machine.
    private static final Set<String> LOOPBACK = Set.of("", "localhost", "127.0.0.1", "::1", "[::1]");
    private static final Set<String> VERIFYING = Set.of("verify-ca", "verify-full");

    /// They hold a credential, or (`service`, `passfile`) the name of a file that does.
    private static final Set<String> CREDENTIALS = Set.of("user", "password", "sslpassword", "passfile", "service");

    /// They put other code where the driver verifies the server or reads the password.
    private static final Set<String> OTHER_CODE = Set.of(
            "authenticationPluginClassName",
            "jaasApplicationName",
            "socketFactory",
            "sslfactory",
            "sslhostnameverifier",
            "sslpasswordcallback",
            "xmlFactoryFactory");

    /// Settings of the session that go before those which ours rely on.
    private static final String SETTINGS = "options";

    @Override
    public List<Problem> check(String url, Tls tls, Position at) {
        if (!url.startsWith(PREFIX)) {
            return List.of(
                    Problem.at(at, "this URL does not begin with " + PREFIX).remedy(EXAMPLE));
        }
        if (url.split("\\?", 2)[0].contains("@")) {
            return List.of(Problem.at(at, "this URL has an @, and what stands before one is a credential")
                    .remedy("credentials go under admin: {username: ..., password: {env: NAME}}; an @ in the name of a"
                            + " database is written %40"));
        }
        var refused = refusedParameters(url, at);
        if (!refused.isEmpty()) {
            return refused;
        }
        var properties = Driver.parseURL(url, new Properties());
        if (properties == null) {
            return List.of(
                    Problem.at(at, "the PostgreSQL driver cannot read this URL").remedy(EXAMPLE));
        }
        if (properties.getProperty("PGDBNAME", "").isEmpty()) {
            return List.of(Problem.at(at, "this URL names no database").remedy(EXAMPLE));
        }
        return tls == Tls.UNVERIFIED ? List.of() : unverifiedHosts(properties, at);
    }

    private static List<Problem> refusedParameters(String url, Position at) {
        var problems = new ArrayList<Problem>();
        for (var name : parameterNames(url)) {
            if (CREDENTIALS.contains(name)) {
                problems.add(Problem.at(at, "this URL has the parameter " + name + ", which leads to a credential")
                        .remedy("credentials go under admin: {username: ..., password: {env: NAME}}"));
            } else if (name.equals(SETTINGS)) {
                problems.add(
                        Problem.at(
                                        at,
                                        "this URL has the parameter options, which replaces settings of agentroles' sessions")
                                .remedy(
                                        "take it away; what agents want set goes with their role or database (ALTER ROLE ... SET)"));
            } else if (OTHER_CODE.contains(name)) {
                problems.add(
                        Problem.at(at, "this URL has the parameter " + name + ", which replaces code of the driver")
                                .remedy("take it away: agentroles relies on what the driver verifies"));
            }
        }
        return problems;
    }

    private static List<String> parameterNames(String url) {
        int query = url.indexOf('?');
        if (query < 0) {
            return List.of();
        }
        return Arrays.stream(url.substring(query + 1).split("&"))
                .map(parameter -> parameter.split("=", 2)[0])
                .map(PostgresUrl::decoded)
                .toList();
    }

    private static String decoded(String name) {
        try {
            return URLDecoder.decode(name, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return name;
        }
    }

    private static List<Problem> unverifiedHosts(Properties properties, Position at) {
        var mode = properties.getProperty("sslmode", "");
        if (VERIFYING.contains(mode)) {
            return List.of();
        }
        return Arrays.stream(properties.getProperty("PGHOST", "localhost").split(","))
                .filter(host -> !LOOPBACK.contains(host))
                .map(host -> Problem.at(at, "this URL leads to " + host + " without verifying that server")
                        .remedy("add sslmode=verify-full (and sslrootcert=FILE if its CA is your own), or take the risk"
                                + " by name with tls: unverified"))
                .toList();
    }
}
