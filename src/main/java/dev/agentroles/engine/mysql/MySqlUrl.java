package dev.agentroles.engine.mysql;

import dev.agentroles.problem.Position;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile.Tls;
import dev.agentroles.profile.UrlRule;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a JDBC URL of the family must look like: `jdbc:mysql://host:port/database`, with no more
/// behind it than what decides how the server is verified. In these drivers a parameter of the URL
/// goes before what the program asks for, so anything else could undo how a session of ours begins.
final class MySqlUrl implements UrlRule {
    private static final Pattern FORM = Pattern.compile(
            "jdbc:(?<scheme>mysql|mariadb)://(?<host>\\[[0-9A-Fa-f:.]+]|[^\\[\\]/?#@,:()=]*)(?::(?<port>[0-9]{1,5}))?"
                    + "/(?<database>[^/?#]+)(?:\\?(?<query>[^#]*))?");

    private static final String DEFAULT_PORT = "3306";
    private static final Set<String> LOOPBACK = Set.of("", "localhost", "127.0.0.1", "[::1]");

    private static final Set<String> PARAMETERS = Set.of(
            "sslMode",
            "trustCertificateKeyStoreUrl",
            "trustCertificateKeyStoreType",
            "serverSslCert",
            "tlsVersions",
            "tlsCiphersuites",
            "enabledSslProtocolSuites",
            "enabledSslCipherSuites",
            "serverRSAPublicKeyFile",
            "serverRsaPublicKeyFile",
            "allowPublicKeyRetrieval");

    private static final Set<String> VERIFYING = Set.of("verify_ca", "verify_identity", "verify-ca", "verify-full");

    private final Set<String> schemes;
    private final String example;

    /// @param schemes the first one is what the product's own users write
    /// @param verifying the parameter by which the server is verified
    MySqlUrl(List<String> schemes, String verifying) {
        this.schemes = Set.copyOf(schemes);
        this.example = "for example jdbc:" + schemes.getFirst() + "://db1.example.com:3306/shop?" + verifying;
    }

    /// The parts of a URL that fits.
    ///
    /// @param host empty: this machine
    record Parts(String scheme, String host, String port, String database, Map<String, String> parameters) {
        Optional<String> parameter(String name) {
            return Optional.ofNullable(parameters.get(name));
        }

        boolean onThisMachine() {
            return LOOPBACK.contains(host);
        }
    }

    static Optional<Parts> parse(String url) {
        var matcher = FORM.matcher(url);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        var parameters = new LinkedHashMap<String, String>();
        var query = Optional.ofNullable(matcher.group("query")).orElse("");
        for (var parameter : query.split("&", -1)) {
            var parts = parameter.split("=", 2);
            if (!parts[0].isEmpty()) {
                parameters.put(decoded(parts[0]), parts.length == 2 ? decoded(parts[1]) : "");
            }
        }
        return Optional.of(new Parts(
                matcher.group("scheme"),
                Optional.ofNullable(matcher.group("host")).orElse(""),
                Optional.ofNullable(matcher.group("port")).orElse(DEFAULT_PORT),
                read(matcher),
                parameters));
    }

    /// The database that a URL leads to.
    static String database(String url) {
        return parse(url).map(Parts::database).orElse("");
    }

    /// MariaDB's driver reads the name as it stands, MySQL's decodes it.
    private static String read(Matcher url) {
        var database = url.group("database");
        return isMariaDbs(url) ? database : decoded(database);
    }

    /// The same server, in another database, as the driver of the URL's scheme reads it.
    static String in(String url, String database) {
        var matcher = FORM.matcher(url);
        return matcher.matches() ? with(matcher, isMariaDbs(matcher) ? database : encoded(database)) : url;
    }

    /// The same server, in no database, for MariaDB's driver.
    static String serverOfMariaDb(String url) {
        var matcher = FORM.matcher(url);
        return (matcher.matches() ? with(matcher, "") : url).replaceFirst("^jdbc:mysql:", "jdbc:mariadb:");
    }

    private static String with(Matcher url, String database) {
        var text = url.group();
        return text.substring(0, url.start("database")) + database + text.substring(url.end("database"));
    }

    private static boolean isMariaDbs(Matcher url) {
        return url.group("scheme").equals("mariadb");
    }

    static boolean onThisMachine(String url) {
        return parse(url).filter(Parts::onThisMachine).isPresent();
    }

    @Override
    public List<Problem> check(String url, Tls tls, Position at) {
        var parsed = parse(url);
        if (parsed.isEmpty() || !schemes.contains(parsed.get().scheme())) {
            return List.of(Problem.at(
                            at,
                            "this URL is not of the form jdbc:"
                                    + String.join("|", schemes.stream().sorted().toList()) + "://host:port/database")
                    .remedy(example));
        }
        var parts = parsed.get();
        var problems = new ArrayList<Problem>();
        for (var name : parts.parameters().keySet()) {
            if (isCredential(name)) {
                problems.add(Problem.at(at, "this URL has the parameter " + name + ", which is a credential")
                        .remedy("credentials go under admin: {username: ..., password: {env: NAME}}"));
            } else if (!PARAMETERS.contains(name)) {
                problems.add(Problem.at(
                                at, "this URL has the parameter " + name + ", which agentroles does not let through")
                        .remedy("take it away: sessions begin as agentroles sets them; TLS is set with sslMode"));
            }
        }
        if (problems.isEmpty() && tls == Tls.VERIFIED && !parts.onThisMachine() && !verifies(parts)) {
            problems.add(Problem.at(at, "this URL leads to " + parts.host() + " without verifying that server")
                    .remedy(example + ", or take the risk by name with tls: unverified"));
        }
        return problems;
    }

    private static boolean verifies(Parts parts) {
        return parts.parameter("sslMode")
                .map(mode -> VERIFYING.contains(mode.toLowerCase(Locale.ROOT)))
                .orElse(false);
    }

    private static boolean isCredential(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        return lower.equals("user") || lower.contains("password");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }
}
