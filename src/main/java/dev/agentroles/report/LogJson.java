package dev.agentroles.report;

import com.grack.nanojson.JsonWriter;
import dev.agentroles.life.LoggedEntry;

/// Entries of journals, a document for each, for machines.
public final class LogJson {
    private LogJson() {}

    /// A JSON document in a line.
    public static String of(String database, LoggedEntry logged) {
        var entry = logged.entry();
        var json = JsonWriter.string().object();
        json.value("schema_version", Json.SCHEMA_VERSION);
        json.value("database", database);
        json.value("number", logged.number());
        json.value("at", entry.at().toString());
        json.value("action", entry.action());
        json.value("outcome", entry.outcome());
        entry.agent().ifPresent(agent -> json.value("agent", agent));
        entry.lease().ifPresent(lease -> json.value("lease", lease));
        json.value("operator", entry.actor().operator());
        json.value("database_user", entry.actor().databaseUser());
        json.value("detail", entry.detail());
        return json.end().done() + "\n";
    }
}
