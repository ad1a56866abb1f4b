package dev.agentroles.audit;

import dev.agentroles.access.Finding;
import dev.agentroles.access.RoleName;
import dev.agentroles.audit.AuditReport.Located;
import dev.agentroles.engine.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Everybody who acts in one environment: the roles by which its profile works and those that it hands out,
/// with their secrets as [KeyedHash] tells them.
///
/// @param profile the file, for messages
public record Realm(String environment, String profile, List<Actor> actors) {
    public Realm {
        actors = List.copyOf(actors);
    }

    /// A role of a server, as one environment uses it.
    ///
    /// @param database the entry's name in the profile
    /// @param agent empty for the administrator
    /// @param what it is to the profile: `the administrator`
    /// @param server its product and its own identity: two databases of one server have the same roles
    /// @param secret hash of its password; empty where it has none
    public record Actor(
            String database,
            Optional<String> agent,
            String what,
            String server,
            RoleName role,
            Optional<String> secret) {
        /// A role belongs to its server, and not to one of its databases.
        private List<String> identity() {
            return List.of(server, role.value());
        }
    }

    /// Who acts in both environments, or has a secret of the other one: one finding for each of our own.
    public List<Located> sharedWith(Realm other) {
        Map<List<String>, Actor> roles = by(other, actor -> Optional.of(actor.identity()));
        Map<String, Actor> secrets = by(other, Actor::secret);
        var shared = new ArrayList<Located>();
        for (var own : actors) {
            var sameRole = Optional.ofNullable(roles.get(own.identity()));
            var sameSecret = own.secret().map(secrets::get);
            sameRole.map(their -> role(own, their, other))
                    .or(() -> sameSecret.map(their -> secret(own, their, other)))
                    .ifPresent(finding -> shared.add(new Located(own.database(), finding)));
        }
        return List.copyOf(shared);
    }

    private static <K> Map<K, Actor> by(Realm realm, Function<Actor, Optional<K>> key) {
        var found = new HashMap<K, Actor>();
        realm.actors().forEach(actor -> key.apply(actor).ifPresent(known -> found.putIfAbsent(known, actor)));
        return found;
    }

    private Finding role(Actor own, Actor their, Realm other) {
        return Rule.ENVIRONMENT_SHARED.finding(
                own.agent(),
                "role %s is %s of environment %s, and %s of environment %s"
                        .formatted(own.role(), own.what(), environment, their.what(), other.environment()),
                List.of(),
                "both on %s; %s, database %s".formatted(own.server(), other.profile(), their.database()),
                List.of(),
                List.of());
    }

    private Finding secret(Actor own, Actor their, Realm other) {
        return Rule.ENVIRONMENT_SHARED.finding(
                own.agent(),
                "the password of %s of environment %s is also that of %s of environment %s"
                        .formatted(own.what(), environment, their.what(), other.environment()),
                List.of(),
                "roles %s and %s; %s, database %s; compared by keyed hash"
                        .formatted(own.role(), their.role(), other.profile(), their.database()),
                List.of(),
                List.of());
    }
}
