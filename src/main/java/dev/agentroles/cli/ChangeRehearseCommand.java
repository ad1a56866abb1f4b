package dev.agentroles.cli;

import dev.agentroles.change.Changes;
import dev.agentroles.change.Dossier;
import dev.agentroles.change.Owner;
import dev.agentroles.change.Rehearsal;
import dev.agentroles.change.Rehearsals;
import dev.agentroles.engine.SchemaSession.Bounds;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Nearest;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import dev.agentroles.report.ChangeJson;
import dev.agentroles.workspace.OpenedDatabase;
import dev.agentroles.workspace.Workspace;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "rehearse",
        description = {
            "Tries a request and shows what it would change; leaves nothing behind.",
            "PostgreSQL: in a transaction that is rolled back. MySQL and MariaDB: on empty copies of the tables.",
            "Ends with 2 if the server refuses the statement."
        })
final class ChangeRehearseCommand extends OneChangeCommand {
    @Option(
            names = "--on",
            paramLabel = "FILE",
            description = "Another profile, as of staging: try it in its database of the same name, or its only one.")
    private @Nullable String on;

    @Option(
            names = "--within",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How long the statement may take, and hold its locks; ${DEFAULT-VALUE} if not given.")
    private int within = 10;

    ChangeRehearseCommand(World world) {
        super(world);
    }

    @Override
    Exit run(Workspace workspace, OpenedDatabase database, Changes changes, long id) throws SQLException {
        var patience = seconds("--within", within);
        var dossier = changes.find(id);
        var rehearsals = new Rehearsals(changes);
        var rehearsal = on == null
                ? rehearsals.rehearse(dossier, bounded(owner(workspace, database.entry()), patience))
                : elsewhere(rehearsals, dossier, profile(on), patience);
        common().result(
                        world(),
                        common().json() ? ChangeJson.rehearsal(file(), rehearsal) : text().rehearsal(rehearsal));
        return rehearsal.works() ? Exit.CLEAN : Exit.PENDING;
    }

    private Rehearsal elsewhere(Rehearsals rehearsals, Dossier dossier, Profile other, Duration patience)
            throws SQLException {
        var entry = ground(other, dossier.place().entry());
        try (var workspace = workspace(other);
                var ground = databases(workspace).open(entry)) {
            return rehearsals.rehearse(dossier, ground, bounded(owner(workspace, entry), patience));
        }
    }

    private static Profile.DatabaseEntry ground(Profile other, String name) {
        var databases = other.databases();
        if (databases.containsKey(name) || databases.size() == 1) {
            return databases.getOrDefault(name, databases.values().iterator().next());
        }
        throw Failure.usage(Problem.of(other.source() + " has no database \"" + name + "\"")
                .remedy(Nearest.question(name, databases.keySet())
                        .orElse("it has " + String.join(", ", databases.keySet()))));
    }

    private static Owner bounded(Owner owner, Duration patience) {
        var bounds = owner.bounds();
        var statement = patience.compareTo(bounds.statement()) < 0 ? patience : bounds.statement();
        return new Owner(owner.target(), new Bounds(bounds.lock(), statement));
    }
}
