package dev.agentroles.draft;

import dev.agentroles.access.RoleName;
import dev.agentroles.engine.Account;
import dev.agentroles.engine.Server;
import dev.agentroles.engine.Survey;
import dev.agentroles.engine.Witness;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Nearest;
import dev.agentroles.problem.Printable;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.EngineTerms;
import java.sql.SQLException;
import java.util.List;
import java.util.TreeSet;

/// Looks at a database and writes a first profile for it. The session may be read-only.
///
/// @param name of the database's entry
/// @param unverified whether the server need not prove who it is
/// @param variable of the environment that holds the administrator's password
/// @param from accounts that agents take the place of; empty: an agent that reads
public record Import(
        String environment,
        String engine,
        EngineTerms terms,
        String name,
        String url,
        boolean unverified,
        String username,
        String variable,
        List<RoleName> from) {
    private static final int SHORTEST_SCOPE = 6;

    public Import {
        from = List.copyOf(from);
    }

    /// What a name of the server becomes as the name of an entry that leaves room for scopes and agents.
    public static String entryName(String database, EngineTerms terms) {
        return Names.fit(database, "main", Names.longestDatabase(terms.roleNameBytes()));
    }

    /// How long the name of an entry may be, so that its scopes can have names.
    public static int longestEntryName(EngineTerms terms) {
        return 2 * Names.longestDatabase(terms.roleNameBytes()) - SHORTEST_SCOPE;
    }

    /// @return the profile's text
    /// @throws Failure if an account is not there, or if there is nothing to write
    public String text(Server server) throws SQLException {
        mustTakeWrites(server);
        var survey = server.survey();
        var names = new Names(name, terms.roleNameBytes());
        if (from.isEmpty()) {
            var draft = new SchemaDraft(survey, names).draft();
            if (draft.scopes().isEmpty()) {
                throw nothing(server, "has no table or view beside the server's own and those that look secret");
            }
            return text(server, survey, List.of(), draft);
        }
        var witness = server.witness();
        var accounts = accounts(witness);
        var draft = new AccountDraft(survey, names);
        for (var account : accounts) {
            var holdings = witness.holdings(account.name(), false).orElseThrow();
            var reach = Reach.of(holdings, survey);
            if (reach.reads().isEmpty()) {
                throw nothing(
                        server,
                        "has no table or view that account " + account.name() + " reads as a tier would let it");
            }
            var lost = new NotTaken(
                    holdings,
                    witness.serverPowers(account.name()),
                    survey,
                    reach,
                    server.identity().database());
            draft.add(account, reach, lost.lines());
        }
        return text(server, survey, hosts(accounts), draft.draft());
    }

    private String text(Server server, Survey survey, List<String> hosts, Draft draft) {
        return new DraftText(this, server.identity().identifier(), survey, hosts, draft).render();
    }

    /// A profile is for the server that takes writes, and pins that one.
    private void mustTakeWrites(Server server) {
        server.identity().obstacle().ifPresent(obstacle -> {
            throw Failure.refused(Problem.of("database " + name + " " + obstacle
                            + ", and a profile is for the server that" + " takes writes and pins its identity")
                    .remedy("give the URL of that server"));
        });
    }

    private Failure nothing(Server server, String why) {
        return Failure.error(
                Problem.of("nothing to import: database " + server.identity().database() + " " + why)
                        .remedy(
                                "log in as an administrator who is shown the tables, or write the profile by hand: agentroles init"));
    }

    private List<Account> accounts(Witness witness) throws SQLException {
        var known = witness.accounts();
        return from.stream().distinct().map(name -> account(name, known)).toList();
    }

    private static Account account(RoleName name, List<Account> known) {
        return known.stream()
                .filter(account -> account.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name.value(), known));
    }

    /// Accounts of one name at several hosts count as one.
    private static Failure unknown(String name, List<Account> known) {
        var names = known.stream().map(account -> account.name().value()).toList();
        var problem = Problem.of("there is no account or role \"" + Printable.line(name) + "\" on this server");
        var withoutHost = name.replaceAll("^['`\"]?(.*?)['`\"]?@.*$", "$1");
        if (!withoutHost.equals(name) && names.contains(withoutHost)) {
            return Failure.usage(problem.remedy(
                    "leave the host out: " + Printable.line(withoutHost) + " stands for its accounts at every host"));
        }
        return Failure.usage(Nearest.question(name, names)
                .map(problem::remedy)
                .orElseGet(() -> problem.remedy("it has " + Listed.of(names))));
    }

    /// Where one of them may come from anywhere, all may: a profile says it of a database and not of an agent.
    private static List<String> hosts(List<Account> accounts) {
        var hosts = new TreeSet<String>();
        for (var account : accounts) {
            if (account.hosts().isEmpty()
                    || account.hosts().stream().anyMatch(host -> host.isEmpty() || host.equals("%"))) {
                return List.of();
            }
            hosts.addAll(account.hosts());
        }
        return List.copyOf(hosts);
    }
}
