package dev.agentroles.engine.mysql;

import dev.agentroles.access.Securable;
import dev.agentroles.engine.Rendering.MissingRight;
import java.util.ArrayList;
import java.util.List;

/// What an administrator needs to make the guard: asked of one, and listed for a database
/// administrator. None of it lets it read or change the application's rows beyond what it may
/// anyway.
final class GuardRights {
    private static final List<String> ON_GUARD = List.of(
            "CREATE", "DROP", "SELECT", "INSERT", "UPDATE", "DELETE", "EXECUTE", "CREATE ROUTINE", "ALTER ROUTINE");

    /// EVENT, because a database is only dropped when its administrator can see that nobody has an event there.
    private static final List<String> ON_VIEWS =
            List.of("CREATE", "DROP", "CREATE VIEW", "SHOW VIEW", "SELECT", "INSERT", "UPDATE", "DELETE", "EVENT");

    private final Catalog catalog;
    private final AdministratorGrants administrator;

    GuardRights(Catalog catalog) {
        this.catalog = catalog;
        this.administrator = catalog.administrator();
    }

    /// For the guard's own objects.
    List<MissingRight> core() {
        var missing = new ArrayList<MissingRight>();
        var lacking = catalog.guard().form().globalRights(catalog.variables()).stream()
                .filter(privilege -> !administrator.global(privilege) && !administrator.global("SUPER"))
                .toList();
        if (!lacking.isEmpty()) {
            missing.add(new MissingRight(
                    administrator.account() + " may not make the guard without " + String.join(", ", lacking),
                    List.of("GRANT %s ON *.* TO %s WITH GRANT OPTION"
                            .formatted(String.join(", ", lacking), administrator.quoted()))));
        }
        for (var table : catalog.guard().form().reads()) {
            if (!administrator.mayGrant("SELECT", table)) {
                missing.add(new MissingRight(
                        administrator.account() + " may not let the guard's account read " + table.display(),
                        List.of(reads(table, administrator.quoted()))));
            }
        }
        schema(GuardSql.SCHEMA, ON_GUARD, missing);
        if (catalog.variables().on("log_bin")
                && !catalog.variables().on("log_bin_trust_function_creators")
                && !administrator.global("SUPER")) {
            missing.add(new MissingRight(
                    administrator.account() + " may not make functions while the server writes a binary log",
                    List.of("SET GLOBAL log_bin_trust_function_creators = 1")));
        }
        return missing;
    }

    /// To make what agents ask for schema changes by anew, or to take it away.
    List<MissingRight> doorAnew() {
        var missing = new ArrayList<>(door());
        if (!administrator.global("SYSTEM_USER")) {
            for (var found : catalog.door().untouchable()) {
                var name = ChangeDoor.SCHEMA + "." + found.name();
                missing.add(new MissingRight(
                        "procedure %s is %s's, and %s has no SYSTEM_USER to drop it"
                                .formatted(name, found.definer(), administrator.account()),
                        List.of("DROP PROCEDURE " + name)));
            }
        }
        return missing;
    }

    /// For what agents ask for schema changes by, and to let them.
    List<MissingRight> door() {
        var missing = new ArrayList<MissingRight>();
        schema(ChangeDoor.SCHEMA, ChangeDoor.RIGHTS, missing);
        if (missing.isEmpty()
                && !administrator.mayGrant("EXECUTE", new Securable.Relation(ChangeDoor.SCHEMA, "request"))) {
            missing.add(new MissingRight(
                    administrator.account() + " may not let agents execute what is in schema " + ChangeDoor.SCHEMA,
                    List.of(onSchema(
                            catalog.guard().form(), ChangeDoor.RIGHTS, ChangeDoor.SCHEMA, administrator.quoted()))));
        }
        return missing;
    }

    /// For the views of a table.
    List<MissingRight> views(Securable.Relation table) {
        return places(catalog.guard().form().viewSchemas(table));
    }

    /// For databases of views.
    List<MissingRight> places(List<String> schemas) {
        var missing = new ArrayList<MissingRight>();
        schemas.forEach(schema -> schema(schema, ON_VIEWS, missing));
        return missing;
    }

    private void schema(String schema, List<String> privileges, List<MissingRight> missing) {
        var lacking = privileges.stream()
                .filter(privilege -> !administrator.onSchema(privilege, schema))
                .toList();
        if (!lacking.isEmpty()) {
            missing.add(new MissingRight(
                    administrator.account() + " may not " + String.join(", ", lacking) + " in schema " + schema,
                    List.of(onSchema(catalog.guard().form(), privileges, schema, administrator.quoted()))));
        }
    }

    private static String reads(Securable.Relation table, String account) {
        return "GRANT SELECT ON %s TO %s WITH GRANT OPTION".formatted(GuardSql.name(table), account);
    }

    private static String onSchema(GuardForm form, List<String> privileges, String schema, String account) {
        return "GRANT %s ON %s.* TO %s WITH GRANT OPTION"
                .formatted(String.join(", ", privileges), Sql.identifier(form.schemaInGrants(schema)), account);
    }

    /// The statement that gives an administrator what agents ask for schema changes by.
    static String door(GuardForm form, String account) {
        return onSchema(form, ChangeDoor.RIGHTS, ChangeDoor.SCHEMA, account);
    }

    /// The statements that give an administrator all of the guard, with comments.
    ///
    /// @param database whose tables writers may change
    static List<String> statements(GuardForm form, String account, String database) {
        var statements = new ArrayList<String>();
        statements.add("-- for tier writer: the guard, its account, and its views of a schema's tables:");
        statements.addAll(form.globalRightStatements(account));
        form.reads().forEach(table -> statements.add(reads(table, account) + ";"));
        statements.add(onSchema(form, ON_GUARD, GuardSql.SCHEMA, account) + ";");
        for (var schema : form.viewSchemas(new Securable.Relation(database, "table"))) {
            statements.add(onSchema(form, ON_VIEWS, schema, account) + ";");
        }
        return statements;
    }
}
