package dev.agentroles.engine.mysql;

import dev.agentroles.access.Securable;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// How the guarded views of one product look.
sealed interface GuardForm permits MySqlGuard, MariaDbGuard {
    /// Of the routines, in the order in which they need each other.
    List<String> files();

    /// The same on a server with these settings.
    GuardForm on(Variables variables);

    /// The name of a database, as GRANT means it and nothing else.
    String schemaInGrants(String schema);

    /// Of the queries that the products write differently.
    String directory();

    /// Databases that hold views of a table, the innermost first.
    List<String> viewSchemas(Securable.Relation table);

    /// The views of a table, the innermost first.
    List<View> views(GuardedTable guarded);

    /// The statements that make a routine, whether or not there is one of its name. What is granted
    /// on it stays, where that is granted to agents.
    List<String> replacement(Routine routine);

    /// Whether the server keeps with a view that a routine of its was missing, and looks again only when one is
    /// made: whoever asks for the view's columns gets an error (1356) for as long, unless the view's definer has a
    /// right on the routine from its first moment on (MySQL 8.0.15, 9.7.4).
    boolean keepsStateOfViews();

    /// A `sql_mode` as the catalog spells it.
    String modeAsStored(String mode);

    /// A routine's body as the catalog tells it.
    String bodyAsTold(String body);

    /// In which the routines compare.
    String collation();

    /// Without which nobody makes the guard, by their names in GRANT.
    List<String> globalRights(Variables variables);

    /// The statements that give them, with comments.
    List<String> globalRightStatements(String account);

    /// The server's own tables in which the guard reads, and whoever makes it must be able to pass that on.
    List<Securable.Relation> reads();

    /// Whether the guard's account must be able to pass on what it holds on a table that it guards.
    boolean passesOn(GuardedTable guarded);

    /// Whether a table needs a key.
    boolean needsKey();

    /// Whether each row that a REPLACE takes away is counted; else only the one that it writes.
    boolean countsOverwritten();

    /// What makes a name one that the guard cannot follow in a statement's text.
    String confusing();

    /// Whether a name in back-ticks can be read in two ways, as the client's character set is not known.
    boolean ambiguous(String name);

    /// Why no statement that names something can be judged.
    default Optional<String> confuses(String name) {
        return name.codePoints().anyMatch(point -> confusing().indexOf(point) >= 0)
                ? Optional.of("a statement with " + confusing() + " inside a name cannot be judged")
                : Optional.empty();
    }

    /// Functions that an agent must be allowed to call, because the server asks that of whoever
    /// describes a view. A call can only add to the caller's own count.
    List<String> callable(GuardedTable guarded);

    /// @param select as it is written in CREATE VIEW, from SELECT to the end of its WHERE
    /// @param canonical as the catalog tells the same
    /// @param check CASCADED, LOCAL or empty
    /// @param definerGrant what the guard's account needs on it
    record View(Securable.Relation name, String select, String canonical, String check, Optional<String> definerGrant) {
        String create() {
            return "CREATE OR REPLACE ALGORITHM=MERGE DEFINER=%s SQL SECURITY DEFINER VIEW %s AS %s%s"
                    .formatted(
                            GuardSql.DEFINER,
                            GuardSql.name(name),
                            select,
                            check.isEmpty() ? "" : " WITH " + check + " CHECK OPTION");
        }
    }

    /// `gone_<table>(b.key)`, or 1 where no row goes with another.
    static String rows(GuardedTable guarded) {
        if (guarded.paths().isEmpty()) {
            return "1";
        }
        var arguments = GuardSql.parentColumns(guarded).stream()
                .map(column -> "b." + Sql.identifier(column.name()))
                .collect(Collectors.joining(", "));
        return "%s.%s(%s)".formatted(GuardSql.SCHEMA, GuardSql.gone(guarded.table()), arguments);
    }

    /// Of a row at which the server looks once.
    static String halfRows(GuardedTable guarded) {
        return guarded.paths().isEmpty() ? "2" : "2 * " + rows(guarded);
    }

    /// As the catalog tells the columns and the table.
    static String selected(GuardedTable guarded, Securable.Relation from) {
        return "select "
                + guarded.columns().stream()
                        .map(column -> "`b`.%1$s AS %1$s".formatted(Sql.identifier(column)))
                        .collect(Collectors.joining(","))
                + " from " + GuardSql.name(from) + " `b` where ";
    }

    /// As the catalog tells a call of a routine of the guard.
    static String call(String routine, String arguments) {
        return "`%s`.`%s`(%s)".formatted(GuardSql.SCHEMA, routine, arguments);
    }

    static String once(String call) {
        return "(select %s from `%s`.`one`)".formatted(call, GuardSql.SCHEMA);
    }

    /// As the catalog tells [#rows].
    static String rowsAsTold(GuardedTable guarded) {
        return guarded.paths().isEmpty()
                ? "1"
                : call(
                        GuardSql.gone(guarded.table()),
                        GuardSql.parentColumns(guarded).stream()
                                .map(column -> "`b`." + Sql.identifier(column.name()))
                                .collect(Collectors.joining(",")));
    }

    static String columns(GuardedTable guarded) {
        return guarded.columns().stream()
                .map(column -> "b." + Sql.identifier(column))
                .collect(Collectors.joining(", "));
    }
}
