package dev.agentroles.engine.postgres;

import dev.agentroles.access.Finding;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Severity;
import dev.agentroles.engine.Holding;
import dev.agentroles.engine.Rule;
import dev.agentroles.engine.Subject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is wrong with the roles around a subject: their attributes, and who belongs to whom.
final class RoleExamination {
    private static final Map<String, Rule> ATTRIBUTES = Map.of(
            "SUPERUSER", Rule.SUPERUSER,
            "CREATEROLE", Rule.CREATEROLE,
            "CREATEDB", Rule.CREATEDB,
            "REPLICATION", Rule.REPLICATION,
            "BYPASSRLS", Rule.BYPASSRLS);

    /// Predefined roles that leave the database, and the near-superusers of hosting companies.
    private static final Set<String> TAKEOVER = Set.of(
            "pg_execute_server_program",
            "pg_write_server_files",
            "pg_read_server_files",
            "rds_superuser",
            "rds_replication",
            "cloudsqlsuperuser",
            "alloydbsuperuser",
            "azure_pg_admin");

    private static final Map<String, String> PREDEFINED_IDS = Map.ofEntries(
            Map.entry("pg_read_all_data", "P1"),
            Map.entry("pg_write_all_data", "P2"),
            Map.entry("pg_read_server_files", "P3"),
            Map.entry("pg_write_server_files", "P4"),
            Map.entry("pg_execute_server_program", "P5"),
            Map.entry("pg_monitor", "P6"),
            Map.entry("pg_read_all_settings", "P6"),
            Map.entry("pg_read_all_stats", "P6"),
            Map.entry("pg_stat_scan_tables", "P7"),
            Map.entry("pg_signal_backend", "P8"),
            Map.entry("pg_signal_autovacuum_worker", "P8"),
            Map.entry("pg_checkpoint", "P9"),
            Map.entry("pg_maintain", "P10"),
            Map.entry("pg_create_subscription", "P11"),
            Map.entry("pg_use_reserved_connections", "P12"),
            Map.entry("pg_database_owner", "M8"));

    private final Examined examined;
    private final List<Finding> findings = new ArrayList<>();

    RoleExamination(Examined examined) {
        this.examined = examined;
    }

    List<Finding> findings() throws SQLException {
        attributes();
        memberships();
        options();
        missing();
        members();
        labels();
        return findings;
    }

    /// Attributes are not inherited; a session has those of the role that it becomes.
    private void attributes() {
        var subject = examined.closure().subject();
        for (var power : subject.powers()) {
            attribute(
                    subject,
                    List.of(subject.name().value()),
                    power,
                    List.of(noAttribute(subject.name(), power)),
                    false);
        }
        for (var reached : examined.closure().becomable()) {
            for (var power : reached.role().powers()) {
                var ours = examined.intended().roles().contains(reached.role().name());
                attribute(
                        reached.role(),
                        reached.path(),
                        power,
                        ours ? List.of(noAttribute(reached.role().name(), power)) : revoke(reached),
                        false);
            }
        }
        // A member of a superuser owns the catalogs, even without becoming it.
        examined.closure().usable().stream()
                .filter(reached -> reached.role().superuser() && !reached.role().equals(subject))
                .filter(reached -> !becomable(reached.role()))
                .forEach(reached -> attribute(reached.role(), reached.path(), "SUPERUSER", revoke(reached), true));
    }

    private boolean becomable(Closure.Member role) {
        return examined.closure().becomable().stream()
                .anyMatch(reached -> reached.role().equals(role));
    }

    /// @param inherited without becoming the role
    private void attribute(Closure.Member role, List<String> path, String power, List<String> mend, boolean inherited) {
        var rule = Objects.requireNonNull(ATTRIBUTES.get(power), power);
        findings.add(rule.finding(
                examined.agent(),
                path.size() == 1
                        ? "%s is %s".formatted(role.name(), power)
                        : "%s can act as %s, which is %s"
                                .formatted(examined.subject().agent(), role.name(), power),
                path,
                "pg_roles: %s has %s".formatted(role.name(), power),
                mend,
                ids(rule, path.size() == 1, inherited)));
    }

    private static List<String> ids(Rule rule, boolean itself, boolean inherited) {
        if (inherited) {
            return List.of("M6");
        }
        var own = rule.paths().stream().filter(id -> id.startsWith("R") && !id.equals("R2"));
        return Stream.concat(own, itself ? Stream.of() : Stream.of("R2")).toList();
    }

    private static String noAttribute(RoleName role, String power) {
        return "ALTER ROLE %s NO%s".formatted(Sql.identifier(role), power);
    }

    /// Each role that the subject should not have the power of, with all that comes with it.
    private void memberships() {
        for (var reached : examined.closure().usable()) {
            var name = reached.role().name();
            if (examined.intended().roles().contains(name)) {
                continue;
            }
            var predefined = name.value().startsWith("pg_") || TAKEOVER.contains(name.value());
            var rule = predefined ? Rule.PREDEFINED_ROLE : Rule.MEMBERSHIP;
            var held = held(name);
            findings.add(rule.finding(
                            TAKEOVER.contains(name.value()) ? Severity.CRITICAL : rule.severity(),
                            examined.agent(),
                            "%s %s".formatted(who(reached), words(reached)),
                            reached.path(),
                            evidence(name, held),
                            revoke(reached),
                            predefined ? List.of(predefinedId(name.value())) : ids(reached))
                    .about(held.stream().map(Holding::on)));
        }
    }

    /// What a tier role has, each of its agents has alike: it is told of the role, once.
    private String who(Closure.Reached reached) {
        return departure(reached)
                .map(hop -> hop.member().name())
                .filter(member -> !isOwn(member))
                .map(tier -> "whoever has " + tier)
                .orElse(examined.subject().agent());
    }

    private boolean isOwn(RoleName role) {
        return role.equals(examined.subject().role())
                || (examined.subject() instanceof Subject.Login login && role.equals(login.agentRole()));
    }

    private static String words(Closure.Reached reached) {
        var name = reached.role().name();
        return switch (reached.reach()) {
            case AT_ONCE -> "has all that %s may do".formatted(name);
            case SET_ROLE -> "can become %s by SET ROLE".formatted(name);
            case SELF_GRANT -> "can make itself a member of %s".formatted(name);
        };
    }

    private static String predefinedId(String name) {
        return PREDEFINED_IDS.getOrDefault(name, name.startsWith("pg_") ? "P13" : "P14");
    }

    private List<String> ids(Closure.Reached reached) {
        return switch (reached.reach()) {
            case AT_ONCE -> {
                var hops = reached.via().size() > 2 ? "M2" : "M1";
                yield becomable(reached.role()) ? List.of(hops) : List.of(hops, "M4");
            }
            case SET_ROLE -> List.of("M3");
            case SELF_GRANT -> List.of("M5");
        };
    }

    private List<Holding> held(RoleName role) {
        return examined.privileges().powers().stream()
                .filter(power -> power.grantee().filter(role::equals).isPresent())
                .map(EffectivePrivileges.Power::holding)
                .toList();
    }

    private static String evidence(RoleName name, List<Holding> held) {
        var owned = held.stream()
                .filter(holding -> holding.source() == Holding.Source.OWNERSHIP)
                .map(Holding::on)
                .distinct()
                .count();
        var examples = held.stream()
                .filter(holding -> holding.source() != Holding.Source.OWNERSHIP)
                .map(holding ->
                        holding.privilege().sql() + " on " + holding.on().display())
                .limit(3)
                .collect(Collectors.joining(", "));
        var grants = held.stream()
                .filter(holding -> holding.source() != Holding.Source.OWNERSHIP)
                .count();
        return "%s owns %d objects and holds %d privileges%s"
                .formatted(name, owned, grants, examples.isEmpty() ? "" : ", among them " + examples);
    }

    private record Hop(Closure.Member member, Closure.Member group) {}

    /// The first membership on the way that nobody declared.
    private Optional<Hop> departure(Closure.Reached reached) {
        var via = reached.via();
        for (var i = 1; i < via.size(); i++) {
            var group = examined.closure().member(via.get(i)).orElseThrow();
            if (!examined.intended().roles().contains(group.name())) {
                return Optional.of(
                        new Hop(examined.closure().member(via.get(i - 1)).orElseThrow(), group));
            }
        }
        return Optional.empty();
    }

    private List<String> revoke(Closure.Reached reached) {
        return departure(reached).map(this::revoke).orElse(List.of());
    }

    private List<String> revoke(Hop hop) {
        var group = hop.group();
        if (group.name().value().equals("pg_database_owner")) {
            return List.of("ALTER DATABASE %s OWNER TO CURRENT_USER".formatted(Sql.identifier(examined.database())));
        }
        return examined.closure().edges().stream()
                .filter(edge -> edge.member() == hop.member().oid() && edge.group() == group.oid())
                .map(edge -> revoke(group.name(), hop.member().name(), edge.grantor()))
                .distinct()
                .toList();
    }

    private static String revoke(RoleName group, RoleName member, RoleName grantor) {
        return "REVOKE %s FROM %s GRANTED BY %s CASCADE"
                .formatted(Sql.identifier(group), Sql.identifier(member), Sql.identifier(grantor));
    }

    /// Declared memberships that give more or less than declared.
    private void options() throws SQLException {
        var knowsOptions = examined.connection().getMetaData().getDatabaseMajorVersion() >= 16;
        for (var edge : examined.closure().edges()) {
            var member = examined.closure().member(edge.member()).orElseThrow().name();
            var group = examined.closure().member(edge.group()).orElseThrow().name();
            var wanted = examined.intended().membership(member, group);
            if (wanted.isEmpty()) {
                continue;
            }
            if (edge.admin() && !wanted.get().admin()) {
                option(Rule.MEMBERSHIP_ADMIN, "ADMIN", member, group, edge.grantor(), "M5");
            }
            if (knowsOptions && edge.settable() && !wanted.get().settable()) {
                option(Rule.MEMBERSHIP_SETTABLE, "SET", member, group, edge.grantor(), "M3");
            }
        }
    }

    private void option(Rule rule, String option, RoleName member, RoleName group, RoleName grantor, String id) {
        findings.add(rule.finding(
                examined.agent(),
                "%s belongs to %s with the %s option".formatted(member, group, option),
                examined.pathTo(Optional.of(group)),
                "pg_auth_members: granted by %s".formatted(grantor),
                List.of("REVOKE %s OPTION FOR %s FROM %s GRANTED BY %s CASCADE"
                        .formatted(option, Sql.identifier(group), Sql.identifier(member), Sql.identifier(grantor))),
                List.of(id)));
    }

    private void missing() {
        var inherited = examined.closure().inherited();
        for (var membership : examined.intended().memberships()) {
            if (inherited.contains(membership.member())
                    && !inherited.contains(membership.group())
                    && !examined.absent().contains(membership.group())) {
                findings.add(Rule.MEMBERSHIP_MISSING.finding(
                        examined.agent(),
                        "%s does not have the power of %s".formatted(membership.member(), membership.group()),
                        List.of(examined.subject().role().value()),
                        "pg_auth_members and pg_roles.rolinherit: no inherited membership",
                        List.of("GRANT %s TO %s"
                                .formatted(Sql.identifier(membership.group()), Sql.identifier(membership.member()))),
                        List.of("R7")));
            }
        }
    }

    /// Leases of the agent belong to its role; nobody else does.
    private void members() throws SQLException {
        record Member(RoleName name, String comment, List<RoleName> grantors) {}
        var subject = examined.subject();
        for (var member : examined.rows(
                "examine-members.sql",
                examined.subjectOid(),
                row -> new Member(
                        new RoleName(row.getString("member")),
                        row.getString("comment"),
                        Stream.of((String[]) row.getArray("grantors").getArray())
                                .filter(Objects::nonNull)
                                .map(RoleName::new)
                                .toList()))) {
            if (lease(member.comment(), member.name())) {
                continue;
            }
            findings.add(Rule.IMPERSONATOR.finding(
                    examined.agent(),
                    "%s belongs to %s and can act as the agent".formatted(member.name(), subject.role()),
                    List.of(member.name().value(), subject.role().value()),
                    "pg_auth_members: %s is a member of %s".formatted(member.name(), subject.role()),
                    member.grantors().isEmpty()
                            ? List.of("REVOKE %s FROM %s CASCADE"
                                    .formatted(Sql.identifier(subject.role()), Sql.identifier(member.name())))
                            : member.grantors().stream()
                                    .map(grantor -> revoke(subject.role(), member.name(), grantor))
                                    .toList(),
                    List.of("C9")));
        }
    }

    private boolean lease(String mark, RoleName login) {
        return examined.intended()
                .mark()
                .filter(agent -> agent.isOfAgentWithLease(mark, login))
                .isPresent();
    }

    private void labels() throws SQLException {
        record Label(RoleName role, String provider, String text) {}
        for (var label : examined.answers()
                .anew(
                        "examine-labels.sql",
                        row -> new Label(
                                new RoleName(row.getString("role")), row.getString("provider"), row.getString("label")),
                        examined.closureOids())) {
            findings.add(Rule.SECURITY_LABEL.finding(
                    examined.agent(),
                    "%s carries a label of %s".formatted(label.role(), label.provider()),
                    examined.pathTo(Optional.of(label.role())),
                    "pg_shseclabel: %s".formatted(label.text()),
                    List.of("SECURITY LABEL FOR %s ON ROLE %s IS NULL"
                            .formatted(Sql.identifier(label.provider()), Sql.identifier(label.role()))),
                    List.of("G25")));
        }
    }
}
