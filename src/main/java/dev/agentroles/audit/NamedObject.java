package dev.agentroles.audit;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;

/// Whether a database has what a person named: `app.orders`, `app.orders.total`, `schema app`. Asks what every
/// driver answers.
public final class NamedObject {
    private NamedObject() {}

    /// @return true, too, for kinds of objects that drivers do not list
    public static boolean exists(Connection connection, String object) throws SQLException {
        if (object.contains(" ") || object.contains("(")) {
            return true;
        }
        var catalog = connection.getMetaData();
        int last = object.lastIndexOf('.');
        if (last < 0) {
            return false;
        }
        var before = object.substring(0, last);
        var name = object.substring(last + 1);
        return hasRelation(catalog, before, name) || hasColumn(catalog, before, name);
    }

    private static boolean hasRelation(DatabaseMetaData catalog, String schema, String name) throws SQLException {
        try (var found = catalog.getTables(null, null, pattern(catalog, name), null)) {
            return any(found, schema, name);
        }
    }

    private static boolean hasColumn(DatabaseMetaData catalog, String relation, String name) throws SQLException {
        int dot = relation.indexOf('.');
        if (dot < 0) {
            return false;
        }
        var table = relation.substring(dot + 1);
        try (var found = catalog.getColumns(null, null, pattern(catalog, table), pattern(catalog, name))) {
            return any(found, relation.substring(0, dot), table);
        }
    }

    /// What is a schema to one driver is a catalog to the other.
    private static boolean any(ResultSet found, String schema, String name) throws SQLException {
        while (found.next()) {
            boolean there =
                    schema.equals(found.getString("TABLE_SCHEM")) || schema.equals(found.getString("TABLE_CAT"));
            if (there && name.equals(found.getString("TABLE_NAME"))) {
                return true;
            }
        }
        return false;
    }

    private static String pattern(DatabaseMetaData catalog, String name) throws SQLException {
        var escape = catalog.getSearchStringEscape();
        return name.replace(escape, escape + escape).replace("_", escape + "_").replace("%", escape + "%");
    }
}
