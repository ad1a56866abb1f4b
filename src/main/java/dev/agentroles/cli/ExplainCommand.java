package dev.agentroles.cli;

import dev.agentroles.access.Naming;
import dev.agentroles.access.Privilege;
import dev.agentroles.audit.Explanation;
import dev.agentroles.engine.Holdings;
import dev.agentroles.engine.NamedObject;
import dev.agentroles.engine.ObjectName;
import dev.agentroles.engine.Rule;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Nearest;
import dev.agentroles.problem.Printable;
import dev.agentroles.problem.Problem;
import dev.agentroles.problem.Shell;
import dev.agentroles.report.ExplanationJson;
import dev.agentroles.report.ExplanationText;
import dev.agentroles.workspace.OpenedDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "explain",
        description = {
            "Says by which path an agent has a privilege, or what a finding means and how it is mended.",
            "For a privilege: agentroles explain FILE AGENT PRIVILEGE OBJECT",
            "For a finding: agentroles explain CODE"
        })
final class ExplainCommand extends ProfileCommand {
    private static final int FEW = 5;

    @Parameters(index = "1", arity = "0..1", paramLabel = "AGENT", description = "As the profile calls it.")
    private @Nullable String agent;

    @Parameters(index = "2", arity = "0..1", paramLabel = "PRIVILEGE", description = "select, update, execute, ...")
    private @Nullable String privilege;

    @Parameters(
            index = "3..*",
            arity = "0..*",
            paramLabel = "OBJECT",
            description = "app.orders, app.orders.total, app.total(int), schema app, database shop, ...")
    private List<String> object = List.of();

    @Option(names = "--database", paramLabel = "NAME", description = "Which database, where the agent has several.")
    private @Nullable String database;

    ExplainCommand(World world) {
        super(world);
    }

    @Override
    Exit run() {
        if (agent == null && !namesProfile(file())) {
            var rule = rule(file());
            common().result(world(), common().json() ? ExplanationJson.of(rule) : ExplanationText.rule(rule));
            return Exit.CLEAN;
        }
        if (agent == null || privilege == null || object.isEmpty()) {
            throw incomplete();
        }
        return explain(agent, privilege(privilege), String.join(" ", object));
    }

    private static boolean namesProfile(String word) {
        return word.matches(".*(\\.ya?ml|/.*)");
    }

    /// Read, so that the example can be pasted.
    private Failure incomplete() {
        var agents = profile().agents().keySet();
        var name = agent != null && agents.contains(agent)
                ? agent
                : agents.iterator().next();
        return Failure.usage(Problem.of("explain takes FILE AGENT PRIVILEGE OBJECT, or a finding's CODE")
                .remedy("for example: agentroles explain " + Shell.word(file()) + " " + name + " select app.orders"
                        + (agents.size() == 1 || name.equals(agent) ? "" : "; agents: " + String.join(", ", agents))));
    }

    private static Rule rule(String code) {
        return Rule.byCode(code).orElseThrow(() -> {
            var codes = Arrays.stream(Rule.values()).map(Rule::code).toList();
            var problem = Problem.of("there is no finding \"" + code + "\"");
            return Failure.usage(
                    Nearest.question(code, codes).map(problem::remedy).orElse(problem));
        });
    }

    private static Privilege privilege(String word) {
        return Explanation.privilege(word)
                .orElseThrow(() -> Failure.usage(Problem.of("there is no privilege \"" + word + "\"")
                        .remedy(Nearest.question(word.toLowerCase(Locale.ROOT), privileges())
                                .orElse("it can be " + String.join(", ", privileges())))));
    }

    private static List<String> privileges() {
        return Stream.of(Privilege.values())
                .map(privilege -> privilege.sql().toLowerCase(Locale.ROOT))
                .toList();
    }

    private Exit explain(String name, Privilege wanted, String on) {
        var profile = profile();
        var entry = entry(profile, name, Optional.ofNullable(database));
        try (var workspace = workspace(profile);
                var opened = workspace.open(entry)) {
            try {
                opened.mustNotBeStrange();
                var role = Naming.agentRole(entry.name(), name);
                var holdings = opened.server()
                        .witness()
                        .holdings(role, true)
                        .orElseThrow(() -> Failure.error(
                                Problem.of("agent " + name + " has no role in database " + entry.name() + " yet")
                                        .remedy("agentroles apply " + Shell.word(profile.source()))));
                var logins = logins(opened, name);
                var explanation = Explanation.of(holdings, logins, wanted, named(opened, wanted, on));
                common().result(
                                world(),
                                common().json()
                                        ? ExplanationJson.of(name, wanted, explanation)
                                        : ExplanationText.privilege(name, wanted, explanation));
                return Exit.CLEAN;
            } catch (SQLException said) {
                throw opened.failure(said);
            }
        }
    }

    /// What was given to a login by itself is the agent's, too.
    private static List<Holdings> logins(OpenedDatabase opened, String name) throws SQLException {
        var entry = opened.entry().name();
        var all = new ArrayList<Holdings>();
        for (var login : opened.server().logins().leaseLogins(opened.profile().environment(), entry)) {
            if (login.enabled() && login.agent().equals(name)) {
                opened.server().witness().holdings(login.login(), true).ifPresent(all::add);
            }
        }
        return all;
    }

    /// All that there is, where that is little: as the functions of one name.
    private static Optional<String> few(List<String> known) {
        return known.isEmpty() || known.size() > FEW
                ? Optional.empty()
                : Optional.of("there is " + Printable.line(String.join("; ", known)));
    }

    /// That nothing gives a privilege on what is not there would reassure for the wrong reason.
    private static NamedObject named(OpenedDatabase opened, Privilege wanted, String on) throws SQLException {
        var name = ObjectName.parse(on)
                .map(parsed -> wanted == Privilege.EXECUTE ? parsed.orKind(ObjectName.Kind.ROUTINE) : parsed)
                .orElseThrow(() -> Failure.usage(Problem.of("this is no name of an object: " + on)
                        .remedy("write schema.name, in double quotes what holds a dot or a parenthesis")));
        var witness = opened.server().witness();
        var found = witness.named(name);
        if (found.size() == 1) {
            return found.getFirst();
        }
        var database = opened.entry().name();
        if (found.size() > 1) {
            throw Failure.error(Problem.of(on + " of database " + database + " can be several objects")
                    .remedy("say which: "
                            + found.stream()
                                    .map(one -> Printable.line(one.on().display()))
                                    .collect(Collectors.joining("; "))));
        }
        var problem = Problem.of("there is no " + on + " in database " + database);
        if (name.kind().isEmpty() && name.parts().size() == 1) {
            throw Failure.error(problem.remedy(
                    "name it with its schema, for example app." + on + ", or say what it is: schema " + on));
        }
        var known = witness.namesLike(name);
        throw Failure.error(Nearest.question(name.display(), known)
                .or(() -> few(known))
                .map(problem::remedy)
                .orElse(problem));
    }
}
