package dev.agentroles.engine.postgres;

import dev.agentroles.access.Guard;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.ProbeReport.Need;
import dev.agentroles.engine.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is tried as an agent: what its tier promises must work, what it denies must not.
///
/// Harmless by form, if something works that should not: EXPLAIN checks rights and runs nothing, `WHERE
/// false` touches no row, TRUNCATE and DROP name a second table that does not exist and so cannot succeed,
/// the rest is rolled back. Nothing is tried that takes a heavy lock before the right to it is checked.
final class ProbeList {
    /// A name that nothing has.
    private static final String NOTHING = "agentroles_probe_4kx7w9qzt2";

    private static final int SCHEMAS = 40;
    private static final int ROLES = 25;
    private static final int WRAPPERS = 5;

    /// What gives a privilege on a relation that the profile does not.
    private static final Rule[] GIVES_A_PRIVILEGE = {
        Rule.GRANT_EXCESS, Rule.PUBLIC_GRANT, Rule.PREDEFINED_ROLE, Rule.MEMBERSHIP, Rule.SUPERUSER
    };

    private final Intended intended;
    private final String database;
    private final int version;
    private final List<Probe> probes = new ArrayList<>();

    /// @param version major version of the server
    ProbeList(Intended intended, String database, int version) {
        this.intended = intended;
        this.database = database;
        this.version = version;
    }

    /// A relation that is tried.
    ///
    /// @param kind `relkind`
    /// @param readsAsReader what a view reads with the rights of whoever reads it, directly or through others
    record Relation(
            long oid, Securable.Relation name, String kind, List<String> columns, List<Securable> readsAsReader) {
        boolean table() {
            return kind.equals("r") || kind.equals("p");
        }

        String sql() {
            return Sql.qualified(name.schema(), name.name());
        }
    }

    List<Probe> probes() {
        return List.copyOf(probes);
    }

    void relation(Relation relation) {
        if (!relation.name().equals(Guard.MARKER)) {
            // The marker is granted for the server to ask about, in a schema that no agent may use.
            read(relation);
        }
        for (var privilege : List.of(Privilege.TRUNCATE, Privilege.REFERENCES, Privilege.TRIGGER, Privilege.MAINTAIN)) {
            if (privilege != Privilege.MAINTAIN || version >= 17) {
                asked(privilege, relation);
            }
        }
        for (var privilege : List.of(Privilege.INSERT, Privilege.UPDATE, Privilege.DELETE)) {
            if (relation.table()) {
                write(privilege, relation);
            } else {
                // A view that cannot be written to says so before it asks for the right.
                asked(privilege, relation);
            }
        }
        if (relation.table()) {
            change(relation);
        }
        if (relation.table() && intended.guarded(relation.name())) {
            guarded(relation);
        }
    }

    /// Without a guard the first would work, and touch no row all the same.
    private void guarded(Relation relation) {
        var name = relation.name().display();
        probes.add(Probe.denied(
                        "delete from " + name + " without a condition on a column",
                        "DELETE FROM %s WHERE true AND false".formatted(relation.sql()),
                        Rule.GUARD_MISSING,
                        Rule.GUARD_DISABLED,
                        Rule.GUARD_CHANGED,
                        Rule.SUPERUSER)
                .on(relation.name()));
        // Not ctid: a system column may be read only by who may read every column.
        relation.columns().stream()
                .filter(column ->
                        intended.gives(Privilege.SELECT, relation.name().column(column)))
                .findFirst()
                .ifPresent(column -> probes.add(Probe.promised(
                                "delete from " + name + " with a condition on a column",
                                "DELETE FROM %s WHERE %s IS NULL AND false"
                                        .formatted(relation.sql(), Sql.identifier(column)))
                        .on(relation.name())));
    }

    private void read(Relation relation) {
        var name = relation.name();
        var given = relation.columns().stream()
                .filter(column -> intended.gives(Privilege.SELECT, name.column(column)))
                .toList();
        var hidden = relation.columns().stream()
                .filter(column -> !given.contains(column))
                .toList();
        var schema = new Need(Privilege.USAGE, new Securable.Schema(name.schema()));
        if (!given.isEmpty()) {
            promised(relation, given).ifPresent(probe -> probes.add(probe.needs(List.of(schema))));
        }
        if (!hidden.isEmpty()) {
            var first = hidden.getFirst();
            probes.add(Probe.denied(
                            "read " + name.column(first).display(),
                            "SELECT %s FROM %s WHERE false".formatted(Sql.identifier(first), relation.sql()),
                            GIVES_A_PRIVILEGE)
                    .needs(List.of(schema, new Need(Privilege.SELECT, name.column(first)))));
        }
    }

    /// A view with its reader's rights works as far as the profile gives what it reads; beyond that it
    /// shall not.
    ///
    /// @return nothing if that cannot be told: where no column is read, a right to any of them is enough
    private Optional<Probe> promised(Relation relation, List<String> columns) {
        var what = "read " + relation.name().display();
        var sql = "SELECT %s FROM %s WHERE false".formatted(columns(columns), relation.sql());
        var reads = relation.readsAsReader();
        if (reads.stream().anyMatch(Securable.Relation.class::isInstance)) {
            return Optional.empty();
        }
        var probe = reads.stream().allMatch(read -> intended.gives(Privilege.SELECT, read))
                ? Probe.promised(what, sql)
                : Probe.denied(what, sql, GIVES_A_PRIVILEGE);
        return Optional.of(probe.needs(Stream.concat(columns.stream().map(relation.name()::column), reads.stream())
                .map(on -> new Need(Privilege.SELECT, on))
                .toList()));
    }

    private static String columns(List<String> names) {
        return names.stream().map(Sql::identifier).collect(Collectors.joining(", "));
    }

    private void write(Privilege privilege, Relation relation) {
        if (relation.columns().isEmpty()) {
            return;
        }
        var name = relation.name();
        var writable = relation.columns().stream()
                .filter(column -> intended.gives(privilege, name.column(column)))
                .toList();
        var promised = privilege == Privilege.DELETE ? intended.gives(privilege, name) : !writable.isEmpty();
        var column = promised && privilege != Privilege.DELETE
                ? writable.getFirst()
                : relation.columns().getFirst();
        var sql = switch (privilege) {
            case INSERT ->
                "EXPLAIN INSERT INTO %s (%s) VALUES (DEFAULT)".formatted(relation.sql(), Sql.identifier(column));
            case UPDATE ->
                "EXPLAIN UPDATE %s SET %s = DEFAULT WHERE false".formatted(relation.sql(), Sql.identifier(column));
            default -> "EXPLAIN DELETE FROM %s WHERE false".formatted(relation.sql());
        };
        var what = privilege.sql() + " in " + name.display();
        var probe = promised ? Probe.promised(what, sql) : Probe.denied(what, sql, GIVES_A_PRIVILEGE);
        probes.add(probe.needs(List.of(
                new Need(Privilege.USAGE, new Securable.Schema(name.schema())),
                new Need(privilege, privilege == Privilege.DELETE ? name : name.column(column)))));
    }

    /// What cannot be tried without a lock that others would wait for is asked of the server, as the agent.
    private void asked(Privilege privilege, Relation relation) {
        if (!intended.gives(privilege, relation.name())) {
            probes.add(Probe.denied(
                            privilege.sql() + " on " + relation.name().display(),
                            "SELECT has_table_privilege(%d, '%s')".formatted(relation.oid(), privilege.sql()),
                            GIVES_A_PRIVILEGE)
                    .reading(Probe.Reading.VALUE)
                    .needs(privilege, relation.name()));
        }
    }

    private void change(Relation relation) {
        var name = relation.name().display();
        var beyond = Sql.qualified(relation.name().schema(), NOTHING);
        probes.add(Probe.denied(
                        "empty " + name,
                        "TRUNCATE %s, %s".formatted(relation.sql(), beyond),
                        Rule.GRANT_EXCESS,
                        Rule.PUBLIC_GRANT,
                        Rule.OWNERSHIP,
                        Rule.MEMBERSHIP,
                        Rule.SUPERUSER)
                .endsAt(NOTHING)
                .needs(needs(Privilege.TRUNCATE, relation)));
        probes.add(Probe.denied(
                        "drop " + name,
                        "DROP TABLE %s, %s".formatted(relation.sql(), beyond),
                        Rule.OWNERSHIP,
                        Rule.MEMBERSHIP,
                        Rule.SUPERUSER)
                .endsAt(NOTHING)
                .needs(needs(Privilege.DROP, relation))
                .on(new Securable.Schema(relation.name().schema())));
        probes.add(Probe.denied(
                        "pass on " + name,
                        "GRANT SELECT ON %s TO PUBLIC".formatted(relation.sql()),
                        Rule.GRANT_OPTION,
                        Rule.OWNERSHIP,
                        Rule.MEMBERSHIP,
                        Rule.SUPERUSER)
                .reading(Probe.Reading.NO_WARNING)
                .on(relation.name()));
        if (!relation.columns().isEmpty()) {
            probes.add(Probe.denied(
                            "alter " + name,
                            "ALTER TABLE %s ALTER COLUMN %s SET STATISTICS -1"
                                    .formatted(
                                            relation.sql(),
                                            Sql.identifier(relation.columns().getFirst())),
                            Rule.OWNERSHIP,
                            Rule.MEMBERSHIP,
                            Rule.SUPERUSER)
                    .needs(needs(Privilege.ALTER, relation)));
        }
    }

    private static List<Need> needs(Privilege privilege, Relation relation) {
        var name = relation.name();
        return List.of(new Need(Privilege.USAGE, new Securable.Schema(name.schema())), new Need(privilege, name));
    }

    void schemas(List<String> names) {
        names.stream()
                .limit(SCHEMAS)
                .forEach(name -> probes.add(Probe.denied(
                                "create in schema " + name,
                                // Asks for nothing but CREATE, and pg_catalog would take it, which takes no tables.
                                "CREATE DOMAIN %s AS pg_catalog.int4".formatted(Sql.qualified(name, NOTHING)),
                                Rule.SCHEMA_CREATE,
                                Rule.PUBLIC_CREATE,
                                Rule.CATALOG_GRANT,
                                Rule.OWNERSHIP,
                                // The owner of the database, by whom PostgreSQL gives CREATE on schema public.
                                Rule.PREDEFINED_ROLE,
                                Rule.MEMBERSHIP,
                                Rule.SUPERUSER)
                        .needs(Privilege.CREATE, new Securable.Schema(name))));
    }

    /// @param names superusers first, then predefined roles, then the others
    void roles(List<String> names) {
        names.stream()
                .filter(name ->
                        intended.roles().stream().noneMatch(role -> role.value().equals(name)))
                .limit(ROLES)
                .forEach(name -> probes.add(Probe.denied(
                                "become " + name,
                                "SET LOCAL ROLE " + Sql.identifier(name),
                                Rule.MEMBERSHIP,
                                Rule.PREDEFINED_ROLE,
                                Rule.SUPERUSER)
                        .role(name)));
    }

    void wrappers(List<String> names) {
        names.stream()
                .limit(WRAPPERS)
                .forEach(name -> probes.add(Probe.denied(
                                "define a foreign server of " + name,
                                "CREATE SERVER %s FOREIGN DATA WRAPPER %s"
                                        .formatted(Sql.identifier(NOTHING), Sql.identifier(name)),
                                Rule.FOREIGN_DATA_WRAPPER,
                                Rule.MEMBERSHIP,
                                Rule.SUPERUSER)
                        .needs(Privilege.USAGE, new Securable.ForeignDataWrapper(name))));
    }

    /// What has nothing to do with this database's tables.
    void everywhere() {
        var here = new Securable.Database(database);
        probes.add(Probe.denied(
                        "make temporary objects",
                        "CREATE TEMPORARY TABLE %s ()".formatted(NOTHING),
                        Rule.PUBLIC_TEMP,
                        Rule.GRANT_EXCESS,
                        Rule.MEMBERSHIP,
                        Rule.PREDEFINED_ROLE,
                        Rule.SUPERUSER)
                .needs(Privilege.TEMPORARY, here));
        probes.add(Probe.denied(
                        "make schemas",
                        "CREATE SCHEMA %s".formatted(NOTHING),
                        Rule.PUBLIC_CREATE,
                        Rule.GRANT_EXCESS,
                        Rule.MEMBERSHIP,
                        Rule.PREDEFINED_ROLE,
                        Rule.SUPERUSER)
                .needs(Privilege.CREATE, here));
        probes.add(Probe.denied("make roles", "CREATE ROLE %s".formatted(NOTHING), Rule.CREATEROLE, Rule.SUPERUSER));
        probes.add(Probe.denied(
                        "enrol itself in a predefined role",
                        "GRANT pg_read_all_data TO CURRENT_USER",
                        Rule.CREATEROLE,
                        Rule.MEMBERSHIP_ADMIN,
                        Rule.PREDEFINED_ROLE,
                        Rule.SUPERUSER)
                .role("pg_read_all_data"));
        probes.add(Probe.denied(
                        "alter the database",
                        "ALTER DATABASE %s RESET work_mem".formatted(Sql.identifier(database)),
                        Rule.OWNERSHIP,
                        Rule.PREDEFINED_ROLE,
                        Rule.MEMBERSHIP,
                        Rule.SUPERUSER)
                .needs(Privilege.ALTER, here));
        probes.add(Probe.denied(
                "reserve the write-ahead log",
                "SELECT pg_create_physical_replication_slot('%s', false, true)".formatted(NOTHING),
                Rule.REPLICATION,
                Rule.SUPERUSER));
        files();
        catalogs();
        parameters();
    }

    private void files() {
        probes.add(Probe.denied(
                        "run a program on the server",
                        "COPY (SELECT 1 WHERE false) TO PROGRAM 'true'",
                        Rule.PREDEFINED_ROLE,
                        Rule.SUPERUSER)
                .role("pg_execute_server_program"));
        probes.add(Probe.denied(
                        "write a file on the server",
                        "COPY (SELECT 1 WHERE false) TO '/dev/null'",
                        Rule.PREDEFINED_ROLE,
                        Rule.SUPERUSER)
                .role("pg_write_server_files"));
        function("read a file of the server", "pg_read_file", "(text)", "'PG_VERSION'", Rule.BUILTIN_OPENED);
        function("list files of the server", "pg_ls_dir", "(text)", "'.'", Rule.BUILTIN_OPENED);
        // Called, it would be done, and nothing takes that back.
        probes.add(Probe.denied(
                        "read the server's configuration anew",
                        "SELECT has_function_privilege('pg_catalog.pg_reload_conf()', 'EXECUTE')",
                        Rule.BUILTIN_OPENED,
                        Rule.SUPERUSER)
                .reading(Probe.Reading.VALUE)
                .needs(Privilege.EXECUTE, new Securable.Routine("pg_catalog", "pg_reload_conf", "()")));
        function("make a large object", "lo_create", "(oid)", "0", Rule.PUBLIC_LARGE_OBJECTS);
        function("fill a large object", "lo_from_bytea", "(oid, bytea)", "0, ''", Rule.PUBLIC_LARGE_OBJECTS);
    }

    private void function(String what, String name, String signature, String arguments, Rule rule) {
        probes.add(Probe.denied(what, "SELECT pg_catalog.%s(%s)".formatted(name, arguments), rule, Rule.SUPERUSER)
                .needs(Privilege.EXECUTE, new Securable.Routine("pg_catalog", name, signature)));
    }

    private void catalogs() {
        var passwords = new Securable.Column("pg_catalog", "pg_authid", "rolpassword");
        probes.add(Probe.denied(
                        "read passwords' verifiers",
                        "SELECT rolpassword FROM pg_catalog.pg_authid WHERE false",
                        Rule.CATALOG_GRANT,
                        Rule.PREDEFINED_ROLE,
                        Rule.SUPERUSER)
                .needs(Privilege.SELECT, passwords));
        probes.add(Probe.denied(
                        "make itself a superuser",
                        "EXPLAIN UPDATE pg_catalog.pg_authid SET rolsuper = DEFAULT WHERE false",
                        Rule.CATALOG_GRANT,
                        Rule.SUPERUSER)
                .needs(Privilege.UPDATE, new Securable.Column("pg_catalog", "pg_authid", "rolsuper")));
        for (var catalog : List.of("pg_statistic", "pg_largeobject", "pg_user_mapping")) {
            probes.add(Probe.denied(
                            "read " + catalog,
                            "SELECT * FROM pg_catalog.%s WHERE false".formatted(catalog),
                            Rule.CATALOG_GRANT,
                            Rule.PREDEFINED_ROLE,
                            Rule.SUPERUSER)
                    .needs(Privilege.SELECT, new Securable.Relation("pg_catalog", catalog)));
        }
    }

    private void parameters() {
        for (var setting : List.of("session_replication_role = replica", "lo_compat_privileges = on")) {
            probes.add(Probe.denied(
                            "set " + setting,
                            "SET LOCAL " + setting,
                            Rule.PARAMETER_SET,
                            Rule.MEMBERSHIP,
                            Rule.SUPERUSER)
                    .needs(Privilege.SET, new Securable.Parameter(setting.substring(0, setting.indexOf(' ')))));
        }
    }
}
