package dev.agentroles.report;

import com.grack.nanojson.JsonStringWriter;
import dev.agentroles.access.Guard;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.Securable;
import dev.agentroles.apply.AgentCard;
import dev.agentroles.apply.AgentCard.InDatabase;
import dev.agentroles.apply.AgentCard.Table;
import dev.agentroles.engine.Asking;
import dev.agentroles.profile.Profile;
import java.util.Collection;

/// What an agent may do, whole, for machines: names as the catalog has them.
public final class CardJson {
    private CardJson() {}

    public static String of(AgentCard card) {
        return Json.document("card", json -> {
            var agent = card.agent();
            json.value("profile", card.profile().source());
            json.value("environment", card.profile().environment());
            json.value("agent", agent.name());
            agent.owner().ifPresent(owner -> json.value("owner", owner));
            agent.purpose().ifPresent(purpose -> json.value("purpose", purpose));
            json.array("databases");
            card.databases().forEach(database -> database(json, card, database));
            json.end();
        });
    }

    private static void database(JsonStringWriter json, AgentCard card, InDatabase database) {
        json.object();
        json.value("name", database.name());
        json.object("server");
        json.value("product", database.server().product());
        json.value("version", database.server().version());
        json.value("database", database.server().database());
        json.end();
        login(json, card, database);
        json.value("applied", database.applied());
        json.value("published", database.published());
        json.value("frozen", database.freeze().isPresent());
        database.freeze().ifPresent(freeze -> Json.stop(json, "freeze", freeze));
        json.value("revoked", database.revocation().isPresent());
        database.revocation().ifPresent(by -> Json.stop(json, "revocation", by));
        json.array("tables");
        database.tables().forEach(table -> table(json, table));
        json.end();
        json.array("later");
        database.later().forEach((schema, privileges) -> {
            json.object();
            json.value("schema", schema);
            privileges(json, "privileges", privileges);
            json.end();
        });
        json.end();
        json.array("refusals");
        for (var refusal : database.refusals()) {
            json.object();
            json.value("sqlstate", refusal.name());
            json.value("because", refusal.because());
            json.value("remedy", refusal.remedy());
            json.end();
        }
        json.end();
        Json.texts(json, "denied", database.denied());
        database.asking().ifPresent(asking -> {
            json.object("change_requests");
            json.value("request", asking.request());
            json.value("requests", asking.requests());
            json.value("statement_bytes", Asking.LONGEST_STATEMENT);
            json.value("reason_characters", Asking.LONGEST_REASON);
            json.value("open", Asking.MOST_OPEN);
            json.end();
        });
        json.end();
    }

    private static void login(JsonStringWriter json, AgentCard card, InDatabase database) {
        json.object("login");
        switch (card.profile().store()) {
            case Profile.VaultEntry vault -> json.value("mount", vault.mount());
            case Profile.FileEntry file -> json.value("file", file.path());
        }
        json.value("path", database.path().value());
        json.value("exec", CardText.exec(card, database));
        json.value("ttl_seconds", card.agent().lease().ttl().toSeconds());
        json.value("connections", card.agent().lease().connections());
        json.end();
    }

    private static void table(JsonStringWriter json, Table table) {
        json.object();
        name(json, table.name());
        table.standsFor().ifPresent(other -> {
            json.object("stands_for");
            name(json, other);
            json.end();
        });
        privileges(json, "privileges", table.withheld().keySet());
        if (!table.columns().isEmpty()) {
            Json.texts(json, "columns", table.columns());
            json.object("withheld");
            table.withheld().forEach((privilege, columns) -> {
                if (!columns.isEmpty()) {
                    Json.texts(json, privilege.sql(), columns);
                }
            });
            json.end();
        }
        table.limits().ifPresent(limits -> limits(json, limits));
        json.end();
    }

    private static void name(JsonStringWriter json, Securable.Relation relation) {
        json.value("schema", relation.schema());
        json.value("name", relation.name());
    }

    private static void privileges(JsonStringWriter json, String key, Collection<Privilege> privileges) {
        Json.texts(json, key, privileges.stream().map(Privilege::sql).toList());
    }

    private static void limits(JsonStringWriter json, Guard.Caps limits) {
        json.object("limits");
        json.value("rows", limits.rows());
        if (limits.rowsPerTransaction() != Guard.Caps.UNBOUNDED) {
            json.value("rows_per_transaction", limits.rowsPerTransaction());
        }
        if (limits.wholeTable() != Guard.Caps.UNBOUNDED) {
            json.value("whole_table", limits.wholeTable());
        }
        limits.window().ifPresent(window -> {
            json.value("rows_per_window", window.rows());
            json.value("window_seconds", window.seconds());
        });
        json.value("functions", limits.functions());
        json.end();
    }
}
