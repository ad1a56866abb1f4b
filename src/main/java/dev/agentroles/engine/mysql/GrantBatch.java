package dev.agentroles.engine.mysql;

import dev.agentroles.access.Grant;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.GrantVerb;
import dev.agentroles.engine.Statement;
import dev.agentroles.plan.Step;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// All privileges of one grantee on one object in one statement: GRANT names one object at a time here.
final class GrantBatch {
    private record Key(String grantee, String object) {}

    /// Column names, or none for the object as a whole, by privilege; and the steps that asked for it.
    private record Wish(EnumMap<Privilege, List<String>> privileges, List<Step> steps) {}

    private final Map<Key, Wish> whole = new LinkedHashMap<>();
    private final Map<Key, Wish> columns = new LinkedHashMap<>();

    /// @param grantee as GRANT writes it
    void add(Grant grant, String grantee, Step step) {
        var wish = (grant.on() instanceof Securable.Column ? columns : whole)
                .computeIfAbsent(
                        new Key(grantee, Sql.on(grant.on())),
                        _ -> new Wish(new EnumMap<>(Privilege.class), new ArrayList<>()));
        var names = wish.privileges().computeIfAbsent(grant.privilege(), _ -> new ArrayList<>());
        if (grant.on() instanceof Securable.Column column) {
            names.add(column.name());
        } else if (grant.grantable()) {
            wish.privileges().computeIfAbsent(Privilege.GRANT_OPTION, _ -> new ArrayList<>());
        }
        wish.steps().add(step);
    }

    List<Statement> statements(GrantVerb verb) {
        var statements = new ArrayList<Statement>();
        for (var wishes : List.of(whole, columns)) {
            wishes.forEach((key, wish) -> statements.add(new Statement(
                    verb.statement(
                            GrantVerb.privileges(wish.privileges(), Sql::identifier), key.object(), key.grantee()),
                    wish.steps())));
        }
        return statements;
    }
}
