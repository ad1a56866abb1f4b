package dev.agentroles.cli;

import dev.agentroles.access.Naming;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.FirstProfile;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "init",
        description = "Writes a commented first profile for a JDBC URL, and the rights its administrator needs.")
final class InitCommand implements Callable<Integer> {
    private final World world;

    @Mixin
    private Common common = new Common();

    @Parameters(
            index = "0",
            paramLabel = "URL",
            description = "jdbc:postgresql://db.example.com/shop, without credentials.")
    private String url = "";

    @Option(
            names = "--environment",
            paramLabel = "NAME",
            defaultValue = "staging",
            description = "production, staging, ...; ${DEFAULT-VALUE} if not given.")
    private String environment = "staging";

    InitCommand(World world) {
        this.world = world;
    }

    @Override
    public Integer call() {
        var parts = url.split(":", 3);
        if (parts.length != 3 || !parts[0].equals("jdbc") || !world.engines().containsKey(parts[1])) {
            throw new Failure(
                    Exit.USAGE,
                    List.of(Problem.of("\"" + url.split("\\?", 2)[0] + "\" is no JDBC URL of " + known())
                            .remedy("write it as jdbc:postgresql://db.example.com:5432/shop")));
        }
        var name = name(url);
        var known = Objects.requireNonNull(world.engines().get(parts[1]));
        var engine = known.engine();
        common.result(
                world,
                FirstProfile.text(
                        parts[1],
                        known.terms(),
                        url,
                        name,
                        engine.usualSchema(database(url)),
                        environment,
                        engine.administratorRights("agentroles", database(url))));
        return Exit.CLEAN.code();
    }

    private String known() {
        var names = List.copyOf(world.engines().keySet());
        return String.join(", ", names.subList(0, names.size() - 1)) + " or " + names.getLast();
    }

    private static String database(String url) {
        var path = url.split("\\?", 2)[0];
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /// The database's name made fit for a profile; `main` where nothing is left of it.
    private static String name(String url) {
        var fit = database(url)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^[^a-z]+|-+$", "");
        return Naming.NAME.matcher(fit).matches() ? fit : "main";
    }
}
