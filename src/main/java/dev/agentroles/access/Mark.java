package dev.agentroles.access;

import java.util.Optional;
import java.util.regex.Pattern;

/// How a role says that agentroles made it, for which environment and database, and as what. Kept where the
/// engine can keep a text on a role (a comment on PostgreSQL). A role without our mark is never altered or
/// dropped, whatever its name.
///
/// @param environment of the profile
/// @param database the entry's name in the profile, not the server's database name
public record Mark(String environment, String database, Kind kind) {
    /// What a role of ours is.
    public sealed interface Kind {
        /// Holds the grants of one scope and tier; cannot log in.
        record TierRole(String scope, Tier tier) implements Kind {
            /// For people: `orders:explore`.
            public String access() {
                return scope + ":" + tier.word();
            }
        }

        /// An agent's stable identity; cannot log in.
        record AgentRole(String agent) implements Kind {}

        /// One issued login of an agent.
        record LeaseLogin(String agent, String lease) implements Kind {}

        /// What the guard's functions run as; cannot log in.
        record GuardRole() implements Kind {}
    }

    private static final Pattern TEXT = Pattern.compile(
            "agentroles environment=(\\S+) database=(\\S+) (?:scope=(\\S+) tier=(\\S+)|agent=(\\S+)(?: lease=(\\S+))?|guard)");

    /// One line, stable: it is written into databases.
    public String text() {
        return "agentroles environment=" + environment + " database=" + database + " "
                + switch (kind) {
                    case Kind.TierRole(var scope, var tier) -> "scope=" + scope + " tier=" + tier.word();
                    case Kind.AgentRole(var agent) -> "agent=" + agent;
                    case Kind.LeaseLogin(var agent, var lease) -> "agent=" + agent + " lease=" + lease;
                    case Kind.GuardRole _ -> "guard";
                };
    }

    /// Whether a login is a lease of the agent whose role carries this mark: by the login's own mark, and
    /// by its name, which is as that mark says. Anybody who makes roles can write a mark.
    public boolean isOfAgentWithLease(String mark, RoleName login) {
        return parse(mark)
                .filter(lease -> lease.kind() instanceof Kind.LeaseLogin(var agent, var id)
                        && equals(new Mark(lease.environment(), lease.database(), new Kind.AgentRole(agent)))
                        && Naming.leaseLogin(lease.database(), agent, id).equals(login))
                .isPresent();
    }

    /// Reads what `text` wrote; empty for anything else.
    public static Optional<Mark> parse(String text) {
        var matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        var environment = matcher.group(1);
        var database = matcher.group(2);
        if (matcher.group(3) != null) {
            return Tier.parse(matcher.group(4))
                    .map(tier -> new Mark(environment, database, new Kind.TierRole(matcher.group(3), tier)));
        }
        var agent = matcher.group(5);
        if (agent == null) {
            return Optional.of(new Mark(environment, database, new Kind.GuardRole()));
        }
        var lease = matcher.group(6);
        return Optional.of(new Mark(
                environment, database, lease == null ? new Kind.AgentRole(agent) : new Kind.LeaseLogin(agent, lease)));
    }
}
