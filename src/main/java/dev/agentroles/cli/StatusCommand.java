package dev.agentroles.cli;

import dev.agentroles.apply.AgentStatus;
import dev.agentroles.problem.Exit;
import dev.agentroles.report.StatusJson;
import dev.agentroles.report.StatusText;
import dev.agentroles.workspace.Workspace;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "status",
        description = {
            "Shows the agents of a profile, their leases, sessions and ends, who stopped what, what is owed, and who last"
                    + " verified it.",
            "Reads what is published, and says which agent has no login that works, as far as ledger and catalogs tell;"
                    + " only rotate finds a password that was changed, by logging in."
        })
final class StatusCommand extends LifeCommand {
    /// ECMA-48: the cursor goes home, and what is below it goes.
    private static final String REDRAW = "\u001b[H\u001b[J";

    @Option(names = "--watch", description = "Look again and redraw until interrupted.")
    private boolean watch;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description = "How long --watch waits before it looks again; ${DEFAULT-VALUE} if not given.")
    private int interval = 2;

    StatusCommand(World world) {
        super(world);
    }

    @Override
    Exit run() {
        mustBeWithin("--interval", interval, 1, 86_400);
        var profile = profile();
        try (var workspace = workspace(profile)) {
            if (!watch) {
                return look(workspace, "");
            }
            // Whoever went away looks at nothing any more: `status --watch | head`.
            while (!world().out().checkError()) {
                look(workspace, world().terminal().isPresent() ? REDRAW : "");
                Thread.sleep(Duration.ofSeconds(interval));
            }
            return Exit.ERROR;
        } catch (InterruptedException enough) {
            Thread.currentThread().interrupt();
            return Exit.CLEAN;
        }
    }

    /// Anew each time: what cannot be reached now may be there at the next look.
    private Exit look(Workspace workspace, String before) {
        var results = AgentStatus.together(databases(workspace).look(database -> {
            if (!watch) {
                compare(database);
            }
            return AgentStatus.of(
                    database, workspace.store(), agent -> workspace.path(database.entry(), agent), world().clock());
        }));
        var text = common().json()
                ? StatusJson.of(workspace.profile().source(), results)
                : new StatusText(common().paint(world()), common().columns(world())).human(results);
        common().result(world(), before + text);
        return end(
                results, status -> status.owed().isEmpty() && status.problems().isEmpty());
    }
}
