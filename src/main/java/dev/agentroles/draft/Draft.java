package dev.agentroles.draft;

import dev.agentroles.access.Tier;
import java.util.List;

/// Scopes and agents of one database, with what a person should read beside each.
///
/// @param leftOut what no scope has, in lines of any text
record Draft(List<Scope> scopes, List<String> leftOut, List<Agent> agents) {
    Draft {
        scopes = List.copyOf(scopes);
        leftOut = List.copyOf(leftOut);
        agents = List.copyOf(agents);
    }

    /// @param comment lines above it, of any text
    record Scope(String name, List<String> comment, List<Line> include, List<Line> exclude) {
        Scope {
            comment = List.copyOf(comment);
            include = List.copyOf(include);
            exclude = List.copyOf(exclude);
        }
    }

    /// A pattern.
    ///
    /// @param why beside it; "" if there is nothing to say
    record Line(String pattern, String why) {}

    /// @param comment lines above it, of any text
    record Agent(String name, List<String> comment, String purpose, List<Access> access) {
        Agent {
            comment = List.copyOf(comment);
            access = List.copyOf(access);
        }
    }

    /// @param comment lines above it, of any text
    record Access(String scope, Tier tier, List<String> comment) {
        Access {
            comment = List.copyOf(comment);
        }
    }
}
