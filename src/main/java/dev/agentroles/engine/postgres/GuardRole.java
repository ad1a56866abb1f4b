package dev.agentroles.engine.postgres;

import dev.agentroles.access.Mark;
import dev.agentroles.access.Naming;
import dev.agentroles.access.RoleName;
import java.util.Optional;

/// What the guard's functions run as (`guard/role.sql`). It comes and goes with the guard's own objects and
/// not as the roles of agents do: it must be there before any of them is given a write.
record GuardRole(RoleName name, Mark mark) {
    static GuardRole of(String environment, String database) {
        return new GuardRole(Naming.guardRole(database), new Mark(environment, database, new Mark.Kind.GuardRole()));
    }

    /// Whether a role of that name is this one: who made another knows what for.
    boolean is(Catalog.RoleRow row) {
        return row.name().equals(name) && row.comment().equals(Optional.of(mark.text()));
    }

    String identifier() {
        return Sql.identifier(name);
    }

    /// A script of the guard, with the role in it. Its name is made of the profile's, in which nothing is that a script
    /// reads as another thing: neither quotes nor dollars, percent signs or braces.
    String in(String script) {
        return script.replace("{role}", identifier())
                .replace("{role_text}", Sql.literal(identifier()))
                .replace("{mark}", Sql.literal(mark.text()));
    }
}
