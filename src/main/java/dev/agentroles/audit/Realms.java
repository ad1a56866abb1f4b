package dev.agentroles.audit;

import dev.agentroles.access.Naming;
import dev.agentroles.access.RoleName;
import dev.agentroles.problem.Failure;
import dev.agentroles.profile.Profile;
import dev.agentroles.workspace.OpenedDatabase;
import dev.agentroles.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Gathers who acts in an environment, from what of it can be reached.
///
/// @param hash the same for all environments that are compared
/// @param notices told what could not be reached
public record Realms(KeyedHash hash, Consumer<String> notices) {
    /// @param databases those of the profile that were opened
    public Realm of(Workspace workspace, List<OpenedDatabase> databases) {
        var profile = workspace.profile();
        var actors = new ArrayList<Realm.Actor>();
        databases.forEach(database -> add(actors, workspace, database));
        return new Realm(profile.environment(), profile.source(), actors);
    }

    /// Opens what can be opened, and closes it again.
    public Realm of(Workspace workspace) {
        var opened = new ArrayList<OpenedDatabase>();
        try {
            for (var entry : workspace.databases()) {
                try {
                    opened.add(workspace.open(entry));
                } catch (Failure failure) {
                    missed(workspace, "database " + entry.name(), failure);
                }
            }
            return of(workspace, opened);
        } finally {
            opened.forEach(OpenedDatabase::close);
        }
    }

    private void add(List<Realm.Actor> actors, Workspace workspace, OpenedDatabase database) {
        var entry = database.entry().name();
        var identity = database.server().identity();
        var server = identity.product() + " " + identity.identifier();
        actors.add(new Realm.Actor(
                entry,
                Optional.empty(),
                "the administrator",
                server,
                new RoleName(identity.user()),
                Optional.of(hash.of(database.target().password()))));
        for (var agent : workspace.profile().agentsOf(entry)) {
            actors.add(new Realm.Actor(
                    entry,
                    Optional.of(agent.name()),
                    "the role of agent " + agent.name(),
                    server,
                    Naming.agentRole(entry, agent.name()),
                    Optional.empty()));
            published(workspace, database.entry(), agent.name(), server).ifPresent(actors::add);
        }
    }

    private Optional<Realm.Actor> published(
            Workspace workspace, Profile.DatabaseEntry entry, String agent, String server) {
        try {
            return workspace
                    .store()
                    .read(workspace.path(entry, agent))
                    .held()
                    .map(held -> new Realm.Actor(
                            entry.name(),
                            Optional.of(agent),
                            "the login of agent " + agent,
                            server,
                            new RoleName(held.secret().username()),
                            Optional.of(hash.of(held.secret().password()))));
        } catch (Failure failure) {
            missed(workspace, "the login of agent " + agent, failure);
            return Optional.empty();
        }
    }

    private void missed(Workspace workspace, String what, Failure failure) {
        notices.accept("note: " + what + " of environment "
                + workspace.profile().environment() + " was not compared: "
                + failure.problems().getFirst());
    }
}
