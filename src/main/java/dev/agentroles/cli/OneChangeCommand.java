package dev.agentroles.cli;

import dev.agentroles.change.ChangeName;
import dev.agentroles.change.Changes;
import dev.agentroles.change.Dossier;
import dev.agentroles.change.Owner;
import dev.agentroles.engine.SchemaSession.Bounds;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import dev.agentroles.report.ChangeJson;
import dev.agentroles.report.ChangeText;
import dev.agentroles.workspace.OpenedDatabase;
import dev.agentroles.workspace.Workspace;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Parameters;

/// What is done with one change request.
abstract class OneChangeCommand extends LifeCommand {
    @Parameters(
            index = "1",
            paramLabel = "REQUEST",
            description = "The request as list names it: DATABASE/NUMBER, or the number alone.")
    private String request = "";

    OneChangeCommand(World world) {
        super(world);
    }

    /// @param database where the request is
    /// @param id its number there
    abstract Exit run(Workspace workspace, OpenedDatabase database, Changes changes, long id) throws SQLException;

    /// Refuses what is wrong with the command line itself, before anything is opened.
    void checkOptions() {}

    @Override
    final Exit run() {
        checkOptions();
        var profile = profile();
        var name = ChangeName.of(profile, request);
        try (var workspace = workspace(profile);
                var database = databases(workspace).open(name.entry())) {
            try {
                return run(workspace, database, new Changes(database, world().means()), name.id());
            } catch (SQLException said) {
                throw database.failure(said);
            }
        }
    }

    /// Who makes schema changes there.
    ///
    /// @throws Failure if the profile names nobody
    static Owner owner(Workspace workspace, Profile.DatabaseEntry entry) {
        var changes = changes(workspace.profile(), entry);
        return new Owner(
                workspace.owner(entry, changes), new Bounds(changes.lockTimeout(), changes.statementTimeout()));
    }

    static Profile.Changes changes(Profile profile, Profile.DatabaseEntry entry) {
        return entry.changes()
                .orElseThrow(() -> Failure.error(Problem.at(
                                entry.at(), "database " + entry.name() + " has nobody who makes schema changes")
                        .remedy("give it changes: {username: THE_OWNER, password: {...}}, the login that owns the"
                                + " schema; see " + profile.source())));
    }

    final void show(String command, Dossier dossier) {
        common().result(
                        world(),
                        common().json()
                                ? ChangeJson.of(command, file(), List.of(dossier))
                                : text().one(dossier, file()));
    }

    final ChangeText text() {
        return new ChangeText(common().paint(world()));
    }

    /// What was typed to a question, where somebody is there to answer.
    final Optional<String> asked(String question) {
        return world().terminal().flatMap(terminal -> terminal.ask(question));
    }
}
