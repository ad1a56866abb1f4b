package dev.agentroles.engine.postgres;

import dev.agentroles.access.Finding;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.access.Severity;
import dev.agentroles.engine.Rule;
import dev.agentroles.engine.postgres.EffectivePrivileges.Power;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Code and tables that act with somebody else's rights: routines, views, children of tables, row security.
final class CodeExamination {
    /// Extensions whose routines reach other servers, files, or run jobs later.
    private static final Set<String> REACHING = Set.of(
            "dblink",
            "adminpack",
            "http",
            "pg_net",
            "pg_cron",
            "pgagent",
            "plsh",
            "pageinspect",
            "pg_walinspect",
            "pg_tle",
            "aws_s3",
            "aws_lambda",
            "aws_commons",
            "azure_storage",
            "orafce_files",
            "pg_background");

    private final Examined examined;
    private final List<Finding> findings = new ArrayList<>();

    CodeExamination(Examined examined) {
        this.examined = examined;
    }

    List<Finding> findings() throws SQLException {
        routines();
        views();
        children();
        rows();
        files();
        return findings;
    }

    private record Routine(
            long oid,
            Securable.Routine name,
            boolean definer,
            String owner,
            long ownerOid,
            boolean powerfulOwner,
            String searchPath,
            String language,
            boolean trusted,
            String extension) {
        boolean pinned() {
            return searchPath.replace("\"", "").replace(" ", "").endsWith("pg_temp");
        }

        /// C and internal are untrusted as languages, yet half of all extensions are written in C.
        boolean reachesSystem() {
            return !trusted && extension.isEmpty();
        }
    }

    private void routines() throws SQLException {
        var executable = examined.own().stream()
                .filter(power -> power.holding().on() instanceof Securable.Routine(var schema, var _, var _)
                        && !power.builtin()
                        && examined.usableSchemas().contains(schema))
                .collect(Collectors.groupingBy(Power::oid));
        var routines = examined.rows(
                "examine-routines.sql",
                examined.oids(executable.keySet()),
                row -> new Routine(
                        row.getLong("oid"),
                        new Securable.Routine(
                                row.getString("schema"), row.getString("name"), row.getString("signature")),
                        row.getBoolean("definer"),
                        row.getString("owner"),
                        row.getLong("owner_oid"),
                        row.getBoolean("owner_powerful"),
                        row.getString("search_path"),
                        row.getString("language"),
                        row.getBoolean("trusted"),
                        row.getString("extension")));
        var harmless = new TreeMap<String, List<Routine>>();
        var reaching = new TreeMap<String, List<Routine>>();
        for (var routine : routines) {
            var powers = executable.getOrDefault(routine.oid(), List.of());
            var direct =
                    powers.stream().flatMap(power -> power.grantee().stream()).findFirst();
            var everybody = powers.stream().anyMatch(power -> power.grantee().isEmpty());
            var declared = examined.intended().gives(Privilege.EXECUTE, routine.name());
            if (routine.definer()
                    && examined.closure().usable(routine.ownerOid()).isEmpty()) {
                definer(routine, direct, declared);
            } else if (!declared && REACHING.contains(routine.extension())) {
                reaching.computeIfAbsent(routine.extension(), _ -> new ArrayList<>())
                        .add(routine);
            } else if (!declared && routine.reachesSystem()) {
                untrusted(routine, direct);
            } else if (!declared && !everybody) {
                excess(routine, direct);
            } else if (!declared && routine.extension().isEmpty()) {
                harmless.computeIfAbsent(routine.name().schema(), _ -> new ArrayList<>())
                        .add(routine);
            }
        }
        reaching.forEach(this::extension);
        harmless.forEach(this::harmless);
    }

    private void untrusted(Routine routine, Optional<RoleName> direct) {
        findings.add(Rule.UNTRUSTED_ROUTINE.finding(
                examined.agent(),
                "%s is written in %s and can be executed"
                        .formatted(routine.name().display(), routine.language()),
                examined.pathTo(direct),
                "pg_proc.prolang is %s, which is not trusted".formatted(routine.language()),
                revoke(List.of(routine), direct),
                List.of("S12")));
    }

    private void excess(Routine routine, Optional<RoleName> direct) {
        findings.add(Rule.GRANT_EXCESS.finding(
                Severity.MEDIUM,
                examined.agent(),
                "%s has EXECUTE on %s"
                        .formatted(
                                direct.map(RoleName::value).orElse("everybody"),
                                routine.name().display()),
                examined.pathTo(direct),
                "pg_proc.proacl",
                revoke(List.of(routine), direct),
                List.of("G14")));
    }

    private void definer(Routine routine, Optional<RoleName> direct, boolean declared) {
        var severity = routine.powerfulOwner() ? Severity.CRITICAL : Severity.HIGH;
        var unpinned = routine.pinned() ? List.of("S1") : List.of("S1", "S3");
        var evidence = "pg_proc.prosecdef is true, owner %s%s, %s"
                .formatted(
                        routine.owner(),
                        routine.powerfulOwner() ? " (superuser or BYPASSRLS)" : "",
                        routine.searchPath().isEmpty() ? "search_path is not set" : routine.searchPath());
        if (!declared) {
            var rule = direct.isPresent() ? Rule.DEFINER_ROUTINE : Rule.PUBLIC_EXECUTE;
            findings.add(rule.finding(
                    severity,
                    direct.isPresent() ? examined.agent() : Optional.empty(),
                    "%s runs as %s and %s may execute it"
                            .formatted(
                                    routine.name().display(),
                                    routine.owner(),
                                    direct.map(RoleName::value).orElse("everybody")),
                    examined.pathTo(direct),
                    evidence,
                    revoke(List.of(routine), direct),
                    unpinned));
        } else if (!routine.pinned()) {
            findings.add(Rule.DEFINER_UNPINNED.finding(
                    examined.agent(),
                    "%s runs as %s with the caller's search_path"
                            .formatted(routine.name().display(), routine.owner()),
                    examined.pathTo(direct),
                    evidence,
                    List.of("ALTER %s SET search_path = pg_catalog, pg_temp".formatted(Sql.on(routine.name()))),
                    List.of("S3")));
        }
    }

    private void extension(String extension, List<Routine> routines) {
        findings.add(Rule.EXTENSION_ROUTINE.finding(
                Optional.empty(),
                "routines of extension %s can be executed, %s among them"
                        .formatted(extension, routines.getFirst().name().display()),
                examined.pathTo(Optional.empty()),
                "pg_extension, pg_depend: %d routines".formatted(routines.size()),
                revoke(routines, Optional.empty()),
                List.of("S10", "S13")));
    }

    private void harmless(String schema, List<Routine> routines) {
        findings.add(Rule.PUBLIC_ROUTINE.finding(
                Optional.empty(),
                "everybody may execute %d routines of schema %s, with the caller's own rights: %s"
                        .formatted(
                                routines.size(),
                                schema,
                                routines.stream()
                                        .map(routine -> routine.name().display())
                                        .limit(3)
                                        .collect(Collectors.joining(", "))),
                examined.pathTo(Optional.empty()),
                "pg_proc.proacl",
                List.of(),
                List.of("G14")));
    }

    private static List<String> revoke(List<Routine> routines, Optional<RoleName> grantee) {
        return routines.stream()
                .map(routine -> "REVOKE EXECUTE ON %s FROM %s"
                        .formatted(
                                Sql.on(routine.name()),
                                grantee.map(Sql::identifier).orElse("PUBLIC")))
                .toList();
    }

    private record Read(Securable.Relation view, boolean materialized, Securable base) {}

    private void views() throws SQLException {
        var views =
                examined.oids(Privilege.SELECT, Securable.Relation.class, kind -> kind.equals("v") || kind.equals("m"));
        var beyond = new LinkedHashMap<Securable.Relation, Set<String>>();
        var materialized = new HashSet<Securable.Relation>();
        for (var read : examined.rows("examine-views.sql", examined.oids(views), CodeExamination::read)) {
            if (read.materialized()) {
                materialized.add(read.view());
            }
            if (!examined.reads(read.base())
                    && examined.usableSchemas().contains(read.view().schema())) {
                beyond.computeIfAbsent(read.view(), _ -> new TreeSet<>())
                        .add(read.base().display());
            }
        }
        for (Map.Entry<Securable.Relation, Set<String>> view : beyond.entrySet()) {
            // No wildcard takes such a view: where the profile gives it, it names it.
            var declared = examined.intended().gives(Privilege.SELECT, view.getKey());
            findings.add(Rule.DEFINER_VIEW.finding(
                    declared ? Severity.INFO : Rule.DEFINER_VIEW.severity(),
                    examined.agent(),
                    "%s reads %s with its owner's rights%s"
                            .formatted(
                                    view.getKey().display(),
                                    String.join(", ", view.getValue()),
                                    declared ? ", as the profile says" : ""),
                    List.of(examined.subject().role().value(), view.getKey().display()),
                    "pg_rewrite, pg_depend; security_invoker is off",
                    // A materialized view holds what its owner read: there is no other right to read with.
                    materialized.contains(view.getKey())
                            ? List.of()
                            : List.of(
                                    "ALTER VIEW %s SET (security_invoker = true)".formatted(qualified(view.getKey()))),
                    List.of("S4")));
        }
    }

    private static Read read(ResultSet row) throws SQLException {
        return new Read(
                new Securable.Relation(row.getString("schema"), row.getString("name")),
                row.getBoolean("materialized"),
                CatalogReader.part(row.getString("base_schema"), row.getString("base"), row.getString("base_column")));
    }

    /// A partition beside its table is a part of it; one in another schema may be anything.
    private void children() throws SQLException {
        var parents =
                examined.oids(Privilege.SELECT, Securable.Relation.class, kind -> kind.equals("r") || kind.equals("p"));
        record Child(Securable.Relation parent, Securable.Relation child, boolean partition) {}
        for (var pair : examined.rows(
                "examine-children.sql",
                examined.oids(parents),
                row -> new Child(
                        new Securable.Relation(row.getString("parent_schema"), row.getString("parent")),
                        new Securable.Relation(row.getString("schema"), row.getString("name")),
                        row.getBoolean("partition")))) {
            var inPlace = pair.partition()
                    && pair.child().schema().equals(pair.parent().schema());
            if (!inPlace && !examined.reads(pair.child())) {
                findings.add(Rule.INHERITANCE_CHILD.finding(
                        examined.agent(),
                        "%s can be read through %s"
                                .formatted(pair.child().display(), pair.parent().display()),
                        List.of(
                                examined.subject().role().value(),
                                pair.parent().display(),
                                pair.child().display()),
                        "pg_inherits",
                        List.of(
                                pair.partition()
                                        ? "ALTER TABLE %s DETACH PARTITION %s"
                                                .formatted(qualified(pair.parent()), qualified(pair.child()))
                                        : "ALTER TABLE %s NO INHERIT %s"
                                                .formatted(qualified(pair.child()), qualified(pair.parent()))),
                        List.of("S6")));
            }
        }
    }

    private static String qualified(Securable.Relation relation) {
        return Sql.qualified(relation.schema(), relation.name());
    }

    private void rows() throws SQLException {
        var tables =
                examined.oids(Privilege.SELECT, Securable.Relation.class, kind -> kind.equals("r") || kind.equals("p"));
        record Policy(Securable.Relation table, String name, boolean enabled, boolean open, boolean settable) {}
        var off = new TreeSet<String>();
        var policies = examined.rows(
                "examine-rows.sql",
                query -> {
                    var session = examined.connection();
                    query.setArray(1, session.createArrayOf("oid", tables.toArray(Long[]::new)));
                    query.setArray(
                            2, session.createArrayOf("oid", examined.closure().usableOids()));
                },
                row -> new Policy(
                        new Securable.Relation(row.getString("schema"), row.getString("name")),
                        row.getString("policy"),
                        row.getBoolean("enabled"),
                        row.getBoolean("open"),
                        row.getBoolean("settable")));
        for (var policy : policies) {
            var table = policy.table();
            if (!policy.enabled() && off.add(table.display())) {
                policy(
                        Rule.RLS_OFF,
                        table,
                        "row security of %s is off, and it has policies".formatted(table.display()),
                        List.of("ALTER TABLE %s ENABLE ROW LEVEL SECURITY".formatted(qualified(table))));
            } else if (policy.enabled() && policy.open()) {
                policy(
                        Rule.RLS_OPEN,
                        table,
                        "policy %s of %s lets every row through".formatted(policy.name(), table.display()),
                        List.of());
            }
            if (policy.enabled() && policy.settable()) {
                policy(
                        Rule.RLS_SETTABLE,
                        table,
                        "policy %s of %s depends on a setting that the agent can set"
                                .formatted(policy.name(), table.display()),
                        List.of());
            }
        }
    }

    private void policy(Rule rule, Securable.Relation table, String what, List<String> mend) {
        findings.add(rule.finding(
                examined.agent(),
                what,
                List.of(examined.subject().role().value(), table.display()),
                "pg_policy, pg_class.relrowsecurity",
                mend,
                List.of("S9")));
    }

    private void files() throws SQLException {
        var foreign = examined.oids(Privilege.SELECT, Securable.Relation.class, "f"::equals);
        for (var table : examined.rows(
                "examine-files.sql",
                examined.oids(foreign),
                row -> new Securable.Relation(row.getString("schema"), row.getString("name")))) {
            var declared = examined.intended().gives(Privilege.SELECT, table);
            findings.add(Rule.SERVER_FILE_TABLE.finding(
                    declared ? Severity.LOW : Rule.SERVER_FILE_TABLE.severity(),
                    examined.agent(),
                    "%s is a file or a program's output on the database host".formatted(table.display()),
                    List.of(examined.subject().role().value(), table.display()),
                    "pg_foreign_table: a wrapper made of file_fdw_handler",
                    List.of("DROP FOREIGN TABLE %s".formatted(qualified(table))),
                    List.of("S11")));
        }
    }
}
