package dev.agentroles.cli;

import dev.agentroles.change.Changes;
import dev.agentroles.engine.Asking;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.report.ChangeJson;
import dev.agentroles.report.ChangeText;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "request",
        description = {
            "Asks for a schema change on behalf of an agent.",
            "An agent with request_changes can ask in SQL as well, with its own login: docs/changes.md."
        })
final class ChangeRequestCommand extends LifeCommand {
    @Option(names = "--agent", paramLabel = "NAME", required = true, description = "The agent.")
    private String agent = "";

    @Option(
            names = "--database",
            paramLabel = "NAME",
            description = "The database, where the agent has access to several.")
    private @Nullable String database;

    @Option(
            names = "--sql",
            paramLabel = "FILE",
            required = true,
            description = "The file with the statement; - is standard input.")
    private String sql = "";

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why; whoever decides reads it.")
    private String reason = "";

    ChangeRequestCommand(World world) {
        super(world);
    }

    @Override
    Exit run() {
        mustSayWhy(reason);
        var profile = profile();
        var entry = entry(profile, agent, Optional.ofNullable(database));
        var statement = statement();
        try (var workspace = workspace(profile);
                var opened = databases(workspace).open(entry)) {
            try {
                var asked = new Changes(opened, world().means()).request(agent, statement, reason);
                common().result(
                                world(),
                                common().json()
                                        ? ChangeJson.of("change request", file(), List.of(asked))
                                        : new ChangeText(common().paint(world())).one(asked, file()));
                return Exit.CLEAN;
            } catch (SQLException said) {
                throw opened.failure(said);
            }
        }
    }

    private String statement() {
        if (!sql.equals("-")) {
            return InputFile.of(Path.of(sql), world().directory())
                    .text(Asking.LONGEST_STATEMENT)
                    .strip();
        }
        try {
            return InputFile.text("standard input", world().in(), Asking.LONGEST_STATEMENT)
                    .strip();
        } catch (IOException broken) {
            throw new Failure(
                    Exit.ERROR, Problem.of("standard input cannot be read: " + OutputFile.reason(broken)), broken);
        }
    }
}
