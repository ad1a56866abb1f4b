package dev.agentroles.profile;

import dev.agentroles.problem.Printable;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A commented profile to begin with: valid as it stands once its variables are set.
public final class FirstProfile {
    /// What each tier is, for whoever chooses one.
    public static final String TIERS =
            "# explore reads; writer changes rows only with WHERE and only so many; ddl-denied changes rows. None touches the"
                    + " schema.";

    private FirstProfile() {}

    /// @param url JDBC URL without credentials
    /// @param terms of the engine
    /// @param name of the database's entry
    /// @param schema where the tables usually are
    /// @param administrator the statements that make the administrator, for the comment above `admin`
    public static String text(
            String engine,
            EngineTerms terms,
            String url,
            String name,
            String schema,
            String environment,
            List<String> administrator) {
        return text(
                environment,
                """
                %2$s:
                  engine: %3$s
                  # On another machine the server must prove who it is; `tls: unverified` takes that risk by name.
                  url: "%1$s"
                  # Who makes the roles; no superuser. A database administrator makes it with:
                %4$s
                  admin: {username: agentroles, password: {env: AGENTROLES_PASSWORD}}
                %5$s
                """.formatted(
                                YamlText.escaped(url),
                                YamlText.of(name),
                                engine,
                                administrator.stream()
                                        .map(line -> "  #   " + Printable.line(line))
                                        .collect(Collectors.joining("\n")),
                                options(terms).stream().map(line -> "  " + line).collect(Collectors.joining("\n"))),
                """
                # What an agent may reach. Patterns: schema.table, with * and ?; names are case-sensitive.
                everything:
                  database: %s
                  include: ["%2$s.*"]
                  # exclude: [%2$s.secrets, %2$s.customers.card_number]
                """.formatted(YamlText.of(name), schema),
                """
                explorer:
                  owner: you@example.com
                  purpose: answers questions
                  %s
                  access: [{scope: everything, tier: explore}]
                  lease: {ttl: 1h, overlap: 10m, connections: 5}
                """.formatted(TIERS));
    }

    /// The same of parts that are YAML already, each to stand under its key.
    public static String text(String environment, String databases, String scopes, String agents) {
        return """
                # yaml-language-server: $schema=profile.schema.json
                # agentroles schema > profile.schema.json makes the file above: with it an editor completes and explains each key.
                # agentroles validate FILE checks it without a network; agentroles plan FILE shows what it would change.
                version: 1

                # Stamped into the database at the first apply; profiles of other environments are refused there ever after.
                environment: %s

                # Logins are published in HashiCorp Vault or OpenBao, KV version 2. Address and token come from BAO_ADDR and
                # BAO_TOKEN, or VAULT_ADDR and VAULT_TOKEN. Without Vault, on one machine:
                #   store: {file: {path: leases.age, identity: {env: AGE_IDENTITY}}}
                vault:
                  mount: secret
                  path: agents/{environment}/{database}/{agent}

                databases:
                %s
                scopes:
                %s
                agents:
                %s""".formatted(YamlText.of(environment), indented(databases), indented(scopes), indented(agents));
    }

    private static String indented(String lines) {
        return lines.lines()
                .map(line -> (line.isEmpty() ? "" : "  ") + line + "\n")
                .collect(Collectors.joining());
    }

    private static List<String> options(EngineTerms terms) {
        var own = terms.hosts()
                ? List.of(
                        "# From where agents log in; the machine that runs agentroles is among them, as it tries each login.",
                        "# hosts: [\"10.1.%\"]")
                : List.of(
                        "# What the server lets everybody do, taken away; apply says who else loses what, and keeps them working.",
                        "# harden: [public-temp, public-create]");
        var changes = List.of(
                "# Who makes the schema changes that a person approved, for agents with request_changes: true.",
                "# changes: {username: the_owner, password: {env: OWNER_PASSWORD}}");
        return Stream.concat(own.stream(), changes.stream()).toList();
    }
}
