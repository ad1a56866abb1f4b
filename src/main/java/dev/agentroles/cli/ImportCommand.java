package dev.agentroles.cli;

import dev.agentroles.access.Naming;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Secret;
import dev.agentroles.draft.Import;
import dev.agentroles.engine.Server;
import dev.agentroles.engine.Target;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Printable;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "import",
        description = {
            "Writes a commented first profile of a database that is there: its schemas as scopes, what looks secret left"
                    + " out, and what everybody may do.",
            "With --from, an agent in the place of each account: the least tiers that cover what the account can really do"
                    + " in tables, and what no tier gives as comments.",
            "Changes nothing: its session is read-only at the server."
        })
final class ImportCommand implements Callable<Integer> {
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final World world;

    @Mixin
    private Common common = new Common();

    @Parameters(
            index = "0",
            paramLabel = "URL",
            description = "jdbc:postgresql://db.example.com/shop, without credentials.")
    private String url = "";

    @Option(
            names = "--admin",
            paramLabel = "USER",
            required = true,
            description = "Who logs in, now and when the profile is applied.")
    private String admin = "";

    @Option(
            names = "--password-env",
            paramLabel = "NAME",
            required = true,
            description = "The environment variable that holds the password, now and when the profile is applied.")
    private String variable = "";

    @Option(
            names = "--environment",
            paramLabel = "NAME",
            defaultValue = "staging",
            description = "production, staging, ...; ${DEFAULT-VALUE} if not given.")
    private String environment = "staging";

    @Option(
            names = "--database",
            paramLabel = "NAME",
            description = "What the profile calls the database; as the server does if not given.")
    private @Nullable String name;

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            description = "postgresql, mysql or mariadb; as the URL says if not given.")
    private @Nullable String engine;

    @Option(
            names = "--from",
            paramLabel = "ACCOUNT",
            description =
                    "An account or role that an agent takes the place of, without its host; may be given several times.")
    private List<String> from = List.of();

    @Option(
            names = "--tls-unverified",
            description = "Do not ask the server to prove who it is, now and when the profile is applied.")
    private boolean unverified;

    @Option(names = "--force", description = "Replace the file if it is there.")
    private boolean force;

    ImportCommand(World world) {
        this.world = world;
    }

    @Override
    public Integer call() {
        var tls = unverified ? Profile.Tls.UNVERIFIED : Profile.Tls.VERIFIED;
        var first = FirstProfileFile.of(world, common, url, Optional.ofNullable(engine), environment, tls);
        if (force) {
            first.mustBeWritable();
        } else {
            first.mustNotBeThere("give --output another name, or --force");
        }
        var order = order(first);
        common.result(world, written(first, order, password()));
        return Exit.CLEAN.code();
    }

    private Import order(FirstProfileFile first) {
        var terms = first.known().terms();
        var entry = name == null ? Import.entryName(first.database(), terms) : name;
        if (!Naming.NAME.matcher(entry).matches()) {
            throw FirstProfileFile.refused(
                    "\"" + entry + "\" cannot be a database's name in a profile",
                    "begin with a letter, go on with a-z, 0-9 and -, for example shop");
        }
        int longest = Import.longestEntryName(terms);
        if (entry.length() > longest) {
            throw FirstProfileFile.refused(
                    "\"" + entry + "\" is too long for names of roles on " + first.engine()
                            + ", which hold the names of scopes, too",
                    "give --database a name of at most " + longest + " characters");
        }
        return new Import(
                environment,
                first.engine(),
                terms,
                entry,
                first.verifying(),
                unverified,
                admin,
                variable,
                from.stream().map(ImportCommand::role).toList());
    }

    private static RoleName role(String account) {
        if (account.isEmpty()) {
            throw FirstProfileFile.refused("--from names no account", "give the account's name");
        }
        return new RoleName(account);
    }

    private Secret password() {
        if (!VARIABLE.matcher(variable).matches()) {
            throw FirstProfileFile.refused(
                    "--password-env takes the name of an environment variable", "set it, and give its name here");
        }
        return world.environment()
                .apply(variable)
                .filter(value -> !value.isEmpty())
                .map(Secret::of)
                .orElseThrow(() ->
                        Failure.error(Problem.of("the environment variable " + variable + " is not set or is empty")
                                .remedy("set it to the password of " + admin)));
    }

    private String written(FirstProfileFile first, Import order, Secret password) {
        var known = first.known().engine();
        var target = new Target(order.name(), order.url(), admin, password);
        // What the URL may not be is told before anybody logs in by it.
        first.mustBeAllowed();
        try (var server = known.connect(target)) {
            server.readOnly();
            var text = order.text(server);
            foretell(server, first.valid(text));
            return text;
        } catch (SQLException said) {
            throw new Failure(Exit.ERROR, known.describe(said, target), said);
        }
    }

    /// What a plan would say against it.
    private void foretell(Server server, Profile profile) throws SQLException {
        for (var entry : profile.databases().values()) {
            var desired = server.inspect(profile, entry).resolve();
            desired.problems().forEach(problem -> say("note: plan refuses this as it stands: " + problem));
            desired.notices().forEach(notice -> say("note: " + notice));
        }
    }

    private void say(String message) {
        world.err().println(Printable.lines(message));
    }
}
