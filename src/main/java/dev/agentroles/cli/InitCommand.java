package dev.agentroles.cli;

import dev.agentroles.access.Naming;
import dev.agentroles.apply.Workspace.KnownEngine;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Position;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.FirstProfile;
import dev.agentroles.profile.Profile;
import dev.agentroles.profile.ProfileReader;
import dev.agentroles.profile.Value;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "init",
        description = {
            "Writes a commented first profile for a JDBC URL, and the rights its administrator needs.",
            "Overwrites nothing."
        })
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
        mustBePossible();
        var engine = url.split(":", 3)[1];
        var verifying = verifying(engine);
        var text = text(engine, verifying);
        mustBeValid(text, verifying);
        common.result(world, text);
        return Exit.CLEAN.code();
    }

    /// No message repeats the URL: it may hold a password.
    private void mustBePossible() {
        if (common.json()) {
            throw refused("a profile is YAML, and init writes nothing else", "leave --format out");
        }
        if (!Naming.NAME.matcher(environment).matches()) {
            throw refused(
                    "\"" + environment + "\" cannot be an environment's name",
                    "begin with a letter, go on with a-z, 0-9 and -, for example production");
        }
        var parts = url.split(":", 3);
        if (parts.length != 3 || !parts[0].equals("jdbc") || !world.engines().containsKey(parts[1])) {
            throw refused(
                    "this is no JDBC URL of " + known(), "write it as jdbc:postgresql://db.example.com:5432/shop");
        }
        if (url.split("\\?", 2)[0].contains("@")) {
            throw refused("this URL holds a credential", "leave it out: the profile says where the password is");
        }
        if (database(url).isEmpty()) {
            throw refused("this URL names no database", "write it as jdbc:" + parts[1] + "://db.example.com/shop");
        }
        common.file(world).ifPresent(file -> {
            if (file.isRegular()) {
                throw refused(
                        file.name() + " is there already, and a profile is not overwritten",
                        "give --output another name, or remove it first");
            }
            file.mustBeWritable();
        });
    }

    private Failure refused(String what, String remedy) {
        return Failure.usage(Problem.of(what).remedy(remedy));
    }

    /// The URL with what its engine's rule demands of a server on another machine.
    private String verifying(String engine) {
        var terms = known(engine).terms();
        var here = new Position("URL", 1, 1);
        if (terms.url().check(url, Profile.Tls.VERIFIED, here).isEmpty()) {
            return url;
        }
        var added = url + (url.contains("?") ? "&" : "?") + terms.verifying();
        return terms.url().check(added, Profile.Tls.VERIFIED, here).isEmpty() ? added : url;
    }

    private String text(String name, String verifying) {
        var known = known(name);
        var engine = known.engine();
        return FirstProfile.text(
                name,
                known.terms(),
                verifying,
                name(url),
                engine.usualSchema(database(url)),
                environment,
                engine.administratorRights("agentroles", database(url)));
    }

    /// What `validate` would refuse is not written.
    private void mustBeValid(String text, String verifying) {
        try {
            var profile = new ProfileReader(world.terms()).read("the profile", text);
            boolean same = profile.databases().values().stream()
                    .allMatch(entry -> entry.url() instanceof Value.Literal(var read, var _) && read.equals(verifying));
            if (!same) {
                throw refused("this URL has characters that cannot stand in a profile", "write them as %XX");
            }
        } catch (Failure wrong) {
            throw new Failure(
                    Exit.USAGE,
                    wrong.problems().stream()
                            .map(problem -> new Problem(Optional.empty(), problem.what(), problem.remedy()))
                            .toList());
        }
    }

    private KnownEngine known(String engine) {
        return Objects.requireNonNull(world.engines().get(engine), engine);
    }

    private String known() {
        var names = List.copyOf(world.engines().keySet());
        return String.join(", ", names.subList(0, names.size() - 1)) + " or " + names.getLast();
    }

    /// As the server calls it.
    private static String database(String url) {
        var path = url.split("\\?", 2)[0].replaceFirst("^jdbc:[a-z]+:(//)?", "");
        var start = path.lastIndexOf('/') + 1;
        var database = url.contains("//") && start == 0 ? "" : path.substring(start);
        try {
            // No form: a plus is a plus.
            return URLDecoder.decode(database.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return database;
        }
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
