package dev.agentroles.cli;

import static java.util.Objects.requireNonNull;

import dev.agentroles.apply.AgentCard;
import dev.agentroles.apply.Proposals;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Shell;
import dev.agentroles.report.CardJson;
import dev.agentroles.report.CardText;
import dev.agentroles.workspace.OpenedDatabase;
import dev.agentroles.workspace.OpenedDatabases;
import dev.agentroles.workspace.Workspace;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "card",
        description = {
            "Says what an agent may do, in Markdown or JSON without any secret, fit for its prompt.",
            "Looks at the databases as plan does, and writes nothing. Ends with 2 when apply has changes for this agent,"
                    + " with 1 when the profile cannot be applied as it stands.",
            "Long lists of tables are told by schema; -v names every table.",
            "Example: agentroles card prod.yaml --agent support-bot --output card.md"
        })
final class CardCommand extends ProfileCommand {
    @Option(names = "--agent", paramLabel = "NAME", required = true, description = "Of which agent.")
    private String agent = "";

    @Option(
            names = "--database",
            paramLabel = "NAME",
            description = "Only what it may do in this database of the profile.")
    private @Nullable String database;

    CardCommand(World world) {
        super(world);
    }

    @Override
    Exit run() {
        var profile = profile();
        mustKnow(profile, agent);
        var entries =
                database == null ? profile.databasesOf(agent) : List.of(entry(profile, agent, Optional.of(database)));
        try (var workspace = workspace(profile);
                var databases = OpenedDatabases.all(workspace, entries, this::compare)) {
            var card = new AgentCard(
                    profile,
                    requireNonNull(profile.agents().get(agent)),
                    databases.all().stream()
                            .map(opened -> in(workspace, databases, opened))
                            .toList());
            common().result(
                            world(),
                            common().json() ? CardJson.of(card) : new CardText(common().verbose()).markdown(card));
            card.databases().forEach(this::standing);
            return card.databases().stream().anyMatch(AgentCard.InDatabase::pending) ? Exit.PENDING : Exit.CLEAN;
        }
    }

    private AgentCard.InDatabase in(Workspace workspace, OpenedDatabases databases, OpenedDatabase opened) {
        var proposal = new Proposals(databases, world().clock()).of(opened);
        var problems = proposal.desired().problems();
        if (!problems.isEmpty()) {
            throw new Failure(Exit.ERROR, problems);
        }
        try {
            return AgentCard.in(opened, proposal, workspace.path(opened.entry(), agent), agent);
        } catch (SQLException said) {
            throw opened.failure(said);
        }
    }

    /// What stands in the way of the agent, for whoever writes the prompt.
    private void standing(AgentCard.InDatabase one) {
        var on = "agent " + agent + " on " + one.name();
        one.freeze()
                .ifPresent(freeze -> say("note: " + one.name() + " is frozen " + freeze.words()
                        + "; no login works until agentroles thaw"));
        one.revocation()
                .ifPresent(by ->
                        say("note: " + on + " was revoked " + by.words() + "; no login works until agentroles thaw"));
        if (!one.applied()) {
            say("note: the card of " + on + " is not so yet: changes are pending; agentroles apply "
                    + Shell.word(file()));
        }
        if (!one.published() && !one.stopped()) {
            say("note: no login that works is published for " + on + "; agentroles apply " + Shell.word(file()));
        }
    }
}
