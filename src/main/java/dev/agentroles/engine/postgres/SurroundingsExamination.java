package dev.agentroles.engine.postgres;

import dev.agentroles.access.DefaultGrant;
import dev.agentroles.access.Finding;
import dev.agentroles.access.Grantee;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.Holding;
import dev.agentroles.engine.Rows;
import dev.agentroles.engine.Rule;
import dev.agentroles.engine.Subject;
import dev.agentroles.engine.postgres.Dependencies.Named;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What lies around a subject: what it owns anywhere, other databases, settings at login, privileges on
/// what is still to come, and what the administrator who looks cannot see.
final class SurroundingsExamination {
    /// Settings that switch a protection off or load code, with the only value that does no harm.
    private static final Map<String, String> DANGEROUS = Map.ofEntries(
            Map.entry("session_replication_role", "origin"),
            Map.entry("lo_compat_privileges", "off"),
            Map.entry("row_security", "on"),
            Map.entry("session_preload_libraries", ""),
            Map.entry("local_preload_libraries", ""),
            Map.entry("dynamic_library_path", "$libdir"),
            Map.entry("extension_control_path", "$system"),
            Map.entry("zero_damaged_pages", "off"),
            Map.entry("allow_system_table_mods", "off"));

    private final Examined examined;
    private final Session session;
    private final Dependencies dependencies;
    private final List<Finding> findings = new ArrayList<>();

    /// @param dependencies of the roles whose power the subject has, and maybe of others
    SurroundingsExamination(Examined examined, Session session, Dependencies dependencies) {
        this.examined = examined;
        this.session = session;
        this.dependencies = dependencies;
    }

    /// The row of `examine-session.sql`.
    record Session(
            String database,
            String databaseOwner,
            boolean readsHba,
            boolean readsVerifiers,
            boolean readsSettings,
            String largeObjectCompatibility,
            String replicationRole) {
        static Session read(Connection connection) throws SQLException {
            return Rows.read(connection, Sql.resource("examine-session.sql"), Session::of)
                    .getFirst();
        }

        private static Session of(ResultSet row) throws SQLException {
            return new Session(
                    row.getString("database"),
                    row.getString("owner"),
                    row.getBoolean("reads_hba"),
                    row.getBoolean("reads_verifiers"),
                    row.getBoolean("reads_settings"),
                    row.getString("lo_compat_privileges"),
                    row.getString("session_replication_role"));
        }
    }

    List<Finding> findings() throws SQLException {
        dependencies();
        settings();
        server();
        defaults();
        blind();
        return findings;
    }

    private void dependencies() {
        for (var named : dependencies.all()) {
            examined.closure()
                    .usable(named.role())
                    .map(reached -> reached.role().name())
                    .filter(examined.intended().roles()::contains)
                    .map(role -> named.owner() ? owned(role, named) : elsewhere(role, named))
                    .ifPresent(findings::add);
        }
    }

    private Finding owned(RoleName role, Named named) {
        var where = named.here() ? "" : " in database " + named.database();
        return Rule.OWNERSHIP
                .finding(
                        examined.agent(),
                        "%s owns %d objects%s: %s"
                                .formatted(role, named.count(), where, String.join(", ", named.examples())),
                        examined.pathTo(Optional.of(role)),
                        "pg_shdepend: %s".formatted(named.catalog()),
                        named.here() ? giveAway(role, named) : List.of(),
                        List.of(named.here() ? way(named.catalog()) : "O7"))
                .about(ownedBy(role));
    }

    private Stream<Securable> ownedBy(RoleName role) {
        return examined.privileges().powers().stream()
                .filter(power -> power.grantee().filter(role::equals).isPresent())
                .map(EffectivePrivileges.Power::holding)
                .filter(holding -> holding.source() == Holding.Source.OWNERSHIP)
                .map(Holding::on);
    }

    private List<String> giveAway(RoleName role, Named named) {
        var owner = Sql.identifier(role);
        if (!named.mappedServers().isEmpty()) {
            return named.mappedServers().stream()
                    .map(server -> "DROP USER MAPPING FOR %s SERVER %s".formatted(owner, Sql.identifier(server)))
                    .toList();
        }
        var newOwner =
                role.value().equals(session.databaseOwner()) ? "CURRENT_USER" : Sql.identifier(session.databaseOwner());
        return List.of("REASSIGN OWNED BY %s TO %s".formatted(owner, newOwner));
    }

    /// @param catalog of the objects that are owned
    private static String way(String catalog) {
        return switch (catalog) {
            case "pg_class" -> "O1";
            case "pg_namespace" -> "O2";
            case "pg_database" -> "O3";
            case "pg_largeobject" -> "O5";
            case "pg_foreign_data_wrapper",
                    "pg_foreign_server",
                    "pg_user_mapping",
                    "pg_publication",
                    "pg_subscription",
                    "pg_event_trigger",
                    "pg_extension",
                    "pg_tablespace",
                    "pg_language" -> "O6";
            default -> "O4";
        };
    }

    /// Privileges in another database sleep until the subject can connect there.
    private Finding elsewhere(RoleName role, Named named) {
        var connects = examined.privileges().powers().stream()
                .map(EffectivePrivileges.Power::holding)
                .anyMatch(holding -> holding.on().equals(new Securable.Database(named.database()))
                        && holding.privilege() == Privilege.CONNECT);
        var rule = connects ? Rule.OTHER_DATABASE : Rule.LATENT_GRANT;
        return rule.finding(
                examined.agent(),
                "%s is named in access lists or policies of database %s".formatted(role, named.database()),
                examined.pathTo(Optional.of(role)),
                "pg_shdepend: %d of %s".formatted(named.count(), named.catalog()),
                List.of(),
                List.of("G12", "O7"));
    }

    private record Applied(String role, String database, String name, String value) {}

    private void settings() throws SQLException {
        var applied = examined.rows(
                "examine-settings.sql",
                examined.subjectOid(),
                row -> new Applied(
                        row.getString("role"),
                        row.getString("database"),
                        row.getString("name"),
                        row.getString("value")));
        var declared = declared();
        for (var setting : applied) {
            if (dangerous(setting)) {
                setting(Rule.SETTING_DANGEROUS, setting);
            } else if (!setting.role().isEmpty() && !setting.value().equals(declared.get(setting.name()))) {
                setting(Rule.SETTING_DRIFT, setting);
            }
        }
        var present = applied.stream()
                .filter(setting -> !setting.role().isEmpty())
                .map(Applied::name)
                .collect(Collectors.toSet());
        declared.forEach((name, value) -> {
            if (!present.contains(name)) {
                findings.add(Rule.SETTING_DRIFT.finding(
                        examined.agent(),
                        "%s lacks the setting %s = %s"
                                .formatted(examined.subject().role(), name, value),
                        List.of(examined.subject().role().value()),
                        "pg_db_role_setting",
                        List.of("ALTER ROLE %s SET %s TO %s"
                                .formatted(
                                        Sql.identifier(examined.subject().role()),
                                        Sql.parameter(name),
                                        Sql.literal(value))),
                        List.of("C1")));
            }
        });
    }

    /// More of the log does no harm; none of it does.
    private static boolean dangerous(Applied setting) {
        return setting.name().equals("log_statement")
                ? setting.value().equalsIgnoreCase("none")
                : !setting.value().equals(DANGEROUS.getOrDefault(setting.name(), setting.value()));
    }

    private Map<String, String> declared() {
        return switch (examined.subject()) {
            case Subject.AgentRole _ -> examined.intended().settings();
            case Subject.Login login -> SessionSettings.of(login.bounds());
        };
    }

    private void setting(Rule rule, Applied setting) {
        var role = setting.role().isEmpty() ? "ALL" : Sql.identifier(setting.role());
        var in = setting.database().isEmpty() ? "" : " IN DATABASE " + Sql.identifier(setting.database());
        var whose = setting.role().isEmpty() ? "everybody" : setting.role();
        var reset = setting.role().isEmpty() && !setting.database().isEmpty()
                ? "ALTER DATABASE %s RESET %s"
                        .formatted(Sql.identifier(setting.database()), Sql.parameter(setting.name()))
                : "ALTER ROLE %s%s RESET %s".formatted(role, in, Sql.parameter(setting.name()));
        findings.add(rule.finding(
                setting.role().isEmpty() ? Optional.empty() : examined.agent(),
                "sessions of %s begin with %s = %s".formatted(whose, setting.name(), setting.value()),
                List.of(examined.subject().role().value()),
                "pg_db_role_setting%s"
                        .formatted(setting.database().isEmpty() ? "" : " for database " + setting.database()),
                List.of(reset),
                List.of("C1")));
    }

    private void server() {
        if (!session.largeObjectCompatibility().equals("off")) {
            server("lo_compat_privileges", session.largeObjectCompatibility(), "G22");
        }
        if (!session.replicationRole().equals("origin")) {
            server("session_replication_role", session.replicationRole(), "C1");
        }
    }

    private void server(String name, String value, String id) {
        findings.add(Rule.SETTING_DANGEROUS.finding(
                Optional.empty(),
                "the server runs with %s = %s".formatted(name, value),
                List.of(),
                "SHOW " + name,
                List.of("ALTER SYSTEM RESET " + name, "SELECT pg_reload_conf()"),
                List.of(id)));
    }

    private void defaults() throws SQLException {
        var grants = examined.answers()
                .anew(
                        "examine-defaults.sql",
                        row -> new DefaultGrant(
                                new RoleName(row.getString("creator")),
                                Optional.of(row.getString("schema")).filter(schema -> !schema.isEmpty()),
                                row.getString("kind"),
                                CatalogWords.privilegeLater(row.getString("privilege"), row.getString("kind")),
                                row.getLong("grantee") == 0
                                        ? Grantee.everybody()
                                        : Grantee.role(new RoleName(row.getString("grantee_name"))),
                                row.getBoolean("grantable")),
                        examined.closureOids());
        for (var grant : grants) {
            var ours = !(grant.grantee() instanceof Grantee.Role(var name))
                    || examined.intended().roles().contains(name);
            if (ours && !examined.intended().defaults().contains(grant)) {
                later(grant);
            }
        }
    }

    private void later(DefaultGrant grant) {
        var everybody = grant.grantee() instanceof Grantee.Public;
        var in = grant.schema().map(schema -> " in schema " + schema).orElse("");
        var kind = grant.kind().toLowerCase(Locale.ROOT);
        findings.add(Rule.DEFAULT_PRIVILEGES.finding(
                everybody ? Optional.empty() : examined.agent(),
                "%s will have %s on %s that %s makes%s"
                        .formatted(
                                everybody ? "everybody" : grant.grantee(),
                                grant.privilege().sql(),
                                kind,
                                grant.creator(),
                                in),
                List.of(examined.subject().role().value(), grant.grantee().toString()),
                "pg_default_acl",
                List.of("ALTER DEFAULT PRIVILEGES FOR ROLE %s%s REVOKE %s ON %s FROM %s"
                        .formatted(
                                Sql.identifier(grant.creator()),
                                grant.schema()
                                        .map(schema -> " IN SCHEMA " + Sql.identifier(schema))
                                        .orElse(""),
                                grant.privilege().sql(),
                                grant.kind(),
                                grant.grantee() instanceof Grantee.Role(var name) ? Sql.identifier(name) : "PUBLIC")),
                List.of("G24")));
    }

    private void blind() {
        var unseen = new ArrayList<String>();
        if (!session.readsHba()) {
            unseen.add("pg_hba_file_rules (who may connect how)");
        }
        if (!session.readsVerifiers()) {
            unseen.add("pg_authid.rolpassword (how passwords are kept)");
        }
        if (!session.readsSettings()) {
            unseen.add("parameters that only pg_read_all_settings shows");
        }
        if (!unseen.isEmpty()) {
            findings.add(Rule.WITNESS_BLIND.finding(
                    Optional.empty(),
                    "this administrator cannot read " + String.join(", ", unseen),
                    List.of(),
                    "has_table_privilege, has_column_privilege, pg_has_role",
                    List.of(),
                    List.of("C3", "C4")));
        }
    }
}
