package dev.agentroles.cli;

import dev.agentroles.access.Naming;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Position;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import dev.agentroles.profile.ProfileReader;
import dev.agentroles.profile.Value;
import dev.agentroles.workspace.Workspace.KnownEngine;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/// Where a first profile is for and goes to: the URL of its database, and the file. No message repeats the URL: it
/// may hold a password.
///
/// @param engine as the profile writes it
record FirstProfileFile(World world, Common common, String url, String engine, Profile.Tls tls) {
    /// @throws Failure if there can be no profile of these
    ///
    /// @param engine empty: the one of the URL
    static FirstProfileFile of(
            World world, Common common, String url, Optional<String> engine, String environment, Profile.Tls tls) {
        if (common.json()) {
            throw refused("a first profile is YAML, and nothing else is written", "leave --format out");
        }
        if (!Naming.NAME.matcher(environment).matches()) {
            throw refused(
                    "\"" + environment + "\" cannot be an environment's name",
                    "begin with a letter, go on with a-z, 0-9 and -, for example production");
        }
        var parts = url.split(":", 3);
        if (parts.length != 3 || !parts[0].equals("jdbc") || !world.engines().containsKey(parts[1])) {
            throw refused(
                    "this is no JDBC URL of " + known(world), "write it as jdbc:postgresql://db.example.com:5432/shop");
        }
        engine.filter(name -> !world.engines().containsKey(name)).ifPresent(name -> {
            throw refused("there is no engine \"" + name + "\"", "it can be " + known(world));
        });
        if (url.split("\\?", 2)[0].contains("@")) {
            throw refused("this URL holds a credential", "leave it out: the profile says where the password is");
        }
        var file = new FirstProfileFile(world, common, url, engine.orElse(parts[1]), tls);
        if (file.database().isEmpty()) {
            throw refused("this URL names no database", "write it as jdbc:" + parts[1] + "://db.example.com/shop");
        }
        return file;
    }

    private static String known(World world) {
        var names = List.copyOf(world.engines().keySet());
        return String.join(", ", names.subList(0, names.size() - 1)) + " or " + names.getLast();
    }

    static Failure refused(String what, String remedy) {
        return Failure.usage(Problem.of(what).remedy(remedy));
    }

    /// @throws Failure if it is, or cannot be written
    void mustNotBeThere() {
        mustNotBeThere("give --output another name, or remove it first");
    }

    /// @param remedy where it is
    void mustNotBeThere(String remedy) {
        common.file(world).filter(OutputFile::isRegular).ifPresent(file -> {
            throw refused(file.name() + " is there already, and a profile is not overwritten", remedy);
        });
        mustBeWritable();
    }

    void mustBeWritable() {
        common.file(world).ifPresent(OutputFile::mustBeWritable);
    }

    KnownEngine known() {
        return Objects.requireNonNull(world.engines().get(engine), engine);
    }

    /// The URL with what its engine's rule demands of a server on another machine.
    String verifying() {
        var terms = known().terms();
        var here = new Position("URL", 1, 1);
        if (terms.url().check(url, tls, here).isEmpty()) {
            return url;
        }
        var added = url + (url.contains("?") ? "&" : "?") + terms.verifying();
        return terms.url().check(added, tls, here).isEmpty() ? added : url;
    }

    /// @throws Failure if a profile cannot have that URL
    void mustBeAllowed() {
        var problems = known().terms().url().check(verifying(), tls, new Position("URL", 1, 1));
        if (!problems.isEmpty()) {
            throw new Failure(Exit.USAGE, withoutPlace(problems));
        }
    }

    private static List<Problem> withoutPlace(List<Problem> problems) {
        return problems.stream()
                .map(problem -> new Problem(Optional.empty(), problem.what(), problem.remedy()))
                .toList();
    }

    /// As the server calls it.
    String database() {
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
    String name() {
        var fit = database()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^[^a-z]+|-+$", "");
        return Naming.NAME.matcher(fit).matches() ? fit : "main";
    }

    /// The same read by `validate`: what that would refuse is not written.
    Profile valid(String text) {
        try {
            var profile = new ProfileReader(world.terms())
                    .read(common.file(world).map(OutputFile::name).orElse("the profile"), text);
            boolean same = profile.databases().values().stream()
                    .allMatch(
                            entry -> entry.url() instanceof Value.Literal(var read, var _) && read.equals(verifying()));
            if (!same) {
                throw refused("this URL has characters that cannot stand in a profile", "write them as %XX");
            }
            return profile;
        } catch (Failure wrong) {
            throw new Failure(Exit.USAGE, withoutPlace(wrong.problems()));
        }
    }
}
