package dev.agentroles.engine.mysql;

import dev.agentroles.access.Privilege;
import dev.agentroles.access.Securable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What is tried as an agent: what its tier promises must work, what it denies must not.
///
/// Harmless by form, if something works that should not: EXPLAIN and PREPARE check rights and run nothing,
/// `LIMIT 0` reads no row, and what would change an object names one that does not exist, for which the
/// server asks for the right first. What a guard must refuse is tried on one row, in a transaction that is
/// taken back.
final class ProbeList {
    /// A name that nothing has.
    private static final String NOTHING = "agentroles_probe_4kx7w9qzt2";

    /// All that is on the server, and the server itself, as the grant tables have it: `*.*`. No object is
    /// called so.
    static final Securable SERVER = new Securable.Database("*.*");

    /// Where the server keeps accounts and code.
    static final Securable MYSQL = new Securable.Schema("mysql");

    private final Intended intended;
    private final List<Probe> promised = new ArrayList<>();
    private final List<Probe> reads = new ArrayList<>();
    private final List<Probe> guarded = new ArrayList<>();
    private final List<Probe> denied = new ArrayList<>();

    ProbeList(Intended intended) {
        this.intended = intended;
    }

    /// All of them, as the session stands after login.
    List<Probe> probes() {
        var all = new ArrayList<>(promised);
        all.addAll(guarded);
        all.addAll(denied);
        return List.copyOf(all);
    }

    /// What is denied whatever role acts.
    List<Probe> denied() {
        return List.copyOf(denied);
    }

    /// What is promised by the agent's role and by no other.
    List<Probe> reads() {
        return List.copyOf(reads);
    }

    /// A table or view that the profile gives something on.
    ///
    /// @param columns that the agent is shown
    /// @param guarded whether it is a view of the guard's
    void inScope(Securable.Relation relation, List<String> columns, boolean guarded) {
        var name = relation.display();
        var given = columns.stream()
                .map(relation::column)
                .filter(column -> intended.gives(Privilege.SELECT, column))
                .toList();
        if (given.isEmpty()) {
            // What is promised and not shown must not be left out.
            promise(
                    Probe.promised("read " + name, "SELECT 1 FROM %s LIMIT 0".formatted(sql(relation)))
                            .on(relation),
                    guarded);
        } else {
            var list =
                    given.stream().map(column -> Sql.identifier(column.name())).collect(Collectors.joining(", "));
            var read = Probe.promised("read " + name, "SELECT %s FROM %s LIMIT 0".formatted(list, sql(relation)))
                    .needs(Privilege.SELECT, given);
            promise(read, guarded);
            reads.add(read);
        }
        if (guarded) {
            columns.stream().findFirst().ifPresent(column -> throughTheGuard(relation, Sql.identifier(column)));
            columns.stream()
                    .filter(column -> intended.gives(Privilege.UPDATE, relation.column(column)))
                    .findFirst()
                    .ifPresent(column -> updatesThroughTheGuard(relation, Sql.identifier(column)));
        } else {
            if (!intended.gives(Privilege.SELECT, relation)) {
                deny(relation, "read every column of " + name, "SELECT * FROM %s LIMIT 0".formatted(sql(relation)));
            }
            change(Privilege.INSERT, relation, "EXPLAIN INSERT INTO %s () VALUES ()".formatted(sql(relation)));
            change(Privilege.DELETE, relation, "EXPLAIN DELETE FROM %s WHERE 1 = 0".formatted(sql(relation)));
            columns.stream()
                    .findFirst()
                    .ifPresent(column -> change(
                            Privilege.UPDATE,
                            relation,
                            "EXPLAIN UPDATE %s SET %2$s = %2$s WHERE 1 = 0"
                                    .formatted(sql(relation), Sql.identifier(column))));
        }
    }

    /// What names a column in its WHERE is let through, and finds no row, so that the guard is not asked;
    /// what has none is refused. On a table without rows the guard is never asked.
    private void throughTheGuard(Securable.Relation view, String column) {
        var name = view.display();
        promise(
                Probe.promised(
                        "delete by a condition in " + name,
                        "DELETE FROM %s WHERE %s IS NULL AND FALSE".formatted(sql(view), column)),
                true);
        guarded.add(Probe.guarded(
                        "delete without a condition in " + name,
                        "DELETE FROM %s LIMIT 1".formatted(sql(view)),
                        ServerErrors.ER_ROW_IS_REFERENCED_2)
                .on(view));
        guarded.add(Probe.guarded(
                        "delete by a condition that names no column in " + name,
                        "DELETE FROM %s WHERE 1 = 1 LIMIT 1".formatted(sql(view)),
                        ServerErrors.ER_ROW_IS_REFERENCED_2)
                .on(view));
    }

    /// The server asks the guard of a row once the statement's own condition holds for it, and works out
    /// what to write after that: then these fail, because what they write is two values. So the guard is
    /// asked, and no row is touched and no trigger runs, whatever it says.
    private void updatesThroughTheGuard(Securable.Relation view, String column) {
        var name = view.display();
        var update = "UPDATE %s SET %2$s = (SELECT %2$s UNION ALL SELECT %2$s)".formatted(sql(view), column);
        promise(
                Probe.promised(
                        "update by a condition in " + name,
                        "%s WHERE %s = %2$s OR %2$s IS NULL LIMIT 1".formatted(update, column),
                        ServerErrors.ER_SUBQUERY_NO_1_ROW),
                true);
        guarded.add(Probe.guarded(
                        "update without a condition in " + name, update + " LIMIT 1", ServerErrors.ER_SUBQUERY_NO_1_ROW)
                .on(view));
    }

    private void promise(Probe probe, boolean guarded) {
        promised.add(guarded ? probe.throughTheGuard() : probe);
    }

    private void change(Privilege privilege, Securable.Relation relation, String sql) {
        var what = privilege.sql() + " in " + relation.display();
        if (intended.gives(privilege, relation)) {
            promised.add(Probe.promised(what, sql, ServerErrors.ER_NO_DEFAULT_FOR_FIELD)
                    .needs(privilege, List.of(relation)));
        } else if (intended.given().keySet().stream()
                .noneMatch(on -> on instanceof Securable.Column column
                        && column.owner().equals(relation)
                        && intended.gives(privilege, column))) {
            denied.add(Probe.denied(what, sql, ServerErrors.ER_NO_DEFAULT_FOR_FIELD)
                    .needs(privilege, List.of(relation)));
        }
    }

    /// Something that the agent is shown although the profile gives nothing on it.
    void outOfScope(Securable.Relation relation) {
        deny(relation, "read " + relation.display(), "SELECT 1 FROM %s LIMIT 0".formatted(sql(relation)));
    }

    /// A database that the agent works in.
    ///
    /// @param relation in it, that the agent may read
    void schema(String schema, Securable.Relation relation) {
        var nothing = Sql.qualified(schema, NOTHING);
        var in = " in " + schema;
        var all = new Securable.Schema(schema);
        deny(
                all,
                "read a table that is not there" + in,
                "SELECT 1 FROM %s".formatted(nothing),
                ServerErrors.ER_NO_SUCH_TABLE);
        deny(all, "drop a table" + in, "DROP TABLE %s".formatted(nothing), ServerErrors.ER_BAD_TABLE_ERROR);
        deny(all, "empty a table" + in, "TRUNCATE TABLE %s".formatted(nothing), ServerErrors.ER_NO_SUCH_TABLE);
        deny(all, "alter a table" + in, "ALTER TABLE %s ADD c int".formatted(nothing), ServerErrors.ER_NO_SUCH_TABLE);
        deny(all, "make an index" + in, "CREATE INDEX c ON %s (c)".formatted(nothing), ServerErrors.ER_NO_SUCH_TABLE);
        deny(
                all,
                "make a table" + in,
                "PREPARE agentroles_probe FROM " + Sql.literal("CREATE TABLE %s (c int)".formatted(nothing)));
        deny(
                all,
                "make a view" + in,
                "CREATE VIEW %s AS SELECT * FROM %s".formatted(nothing, Sql.qualified(schema, NOTHING + "_2")),
                ServerErrors.ER_NO_SUCH_TABLE);
        deny(all, "make a temporary table" + in, "CREATE TEMPORARY TABLE IF NOT EXISTS %s (c int)".formatted(nothing));
        deny(all, "drop an event" + in, "DROP EVENT IF EXISTS %s".formatted(nothing));
        deny(all, "drop a procedure" + in, "DROP PROCEDURE IF EXISTS %s".formatted(nothing));
        deny(
                all,
                "make a trigger" + in,
                "CREATE TRIGGER %s BEFORE INSERT ON %s FOR EACH ROW SET @agentroles = 1"
                        .formatted(nothing, Sql.qualified(schema, NOTHING + "_2")),
                ServerErrors.ER_NO_SUCH_TABLE);
        deny(all, "make the database " + schema, "CREATE DATABASE IF NOT EXISTS " + Sql.identifier(schema));
        deny(
                all,
                "load a file of the server" + in,
                "LOAD DATA INFILE '/%s/x' INTO TABLE %s".formatted(NOTHING, nothing),
                ServerErrors.ER_NO_SUCH_TABLE,
                ServerErrors.EE_FILENOTFOUND,
                ServerErrors.ER_OPTION_PREVENTS_STATEMENT);
        deny(relation, "lock " + relation.display(), "LOCK TABLES %s READ".formatted(sql(relation)));
        deny(
                relation,
                "pass on the right to read " + relation.display(),
                "REVOKE SELECT ON TABLE %s FROM '%s'@'localhost'".formatted(sql(relation), NOTHING),
                ServerErrors.ER_NONEXISTING_GRANT,
                ServerErrors.ER_NONEXISTING_TABLE_GRANT);
    }

    /// The transactions of others are looked at in earnest: where no row is wanted, no right is asked for
    /// (seen on 9.7 and 11.4).
    void everywhere() {
        deny(SERVER, "drop a database", "DROP DATABASE IF EXISTS %s".formatted(Sql.identifier(NOTHING)));
        deny(SERVER, "drop an account", "DROP USER '%s'@'localhost'".formatted(NOTHING), ServerErrors.ER_CANNOT_USER);
        deny(
                SERVER,
                "write a file of the server",
                "SELECT 1 INTO OUTFILE '/%s/x'".formatted(NOTHING),
                ServerErrors.EE_CANTCREATEFILE,
                ServerErrors.ER_OPTION_PREVENTS_STATEMENT);
        deny(SERVER, "see the transactions of others", "SELECT trx_state FROM information_schema.INNODB_TRX LIMIT 1");
        deny(
                MYSQL,
                "load code into the server",
                "INSTALL PLUGIN %1$s SONAME '%1$s.so'".formatted(NOTHING),
                ServerErrors.ER_CANT_OPEN_LIBRARY);
        deny(MYSQL, "read the accounts of the server", "SELECT 1 FROM mysql.user LIMIT 0");
        deny(SERVER, "set a variable of the server", "SET GLOBAL max_connections = @@GLOBAL.max_connections");
    }

    private void deny(Securable on, String what, String sql, Integer... passed) {
        denied.add(Probe.denied(what, sql, passed).on(on));
    }

    private static String sql(Securable.Relation relation) {
        return Sql.qualified(relation.schema(), relation.name());
    }
}
