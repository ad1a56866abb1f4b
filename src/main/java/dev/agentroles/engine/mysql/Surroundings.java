package dev.agentroles.engine.mysql;

import dev.agentroles.problem.Position;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// What on a server would make a login another than the one that is meant, found before there is one.
record Surroundings(
        Catalog catalog, Profile.DatabaseEntry entry, Consumer<Problem> problems, Consumer<Problem> notices) {
    private static final List<Profile.Host> ANYWHERE = List.of();

    /// An address, with or without netmask or wildcards.
    private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f.:%_/]+|localhost");

    void check() {
        var hosts = entry.hosts();
        if (hosts.equals(ANYWHERE)) {
            anonymous("%", entry.at());
        }
        for (var host : hosts) {
            anonymous(host.text(), host.at());
            if (catalog.variables().on("skip_name_resolve")
                    && !ADDRESS.matcher(host.text()).matches()) {
                problems.accept(Problem.at(
                                host.at(),
                                "the server does not look names up (skip_name_resolve), so nobody comes from "
                                        + host.text())
                        .remedy("write its address"));
            }
        }
        if (catalog.variables().on("password_validation") && catalog.variables().on("strict_password_validation")) {
            problems.accept(Problem.at(
                            entry.at(),
                            "the server takes no verifier in place of a password (strict_password_validation), and"
                                    + " agentroles lets no password travel in SQL: no login could be made")
                    .remedy(
                            "SET GLOBAL strict_password_validation = OFF, and in the server's configuration, as a database"
                                    + " administrator: passwords are still judged wherever they are given"));
        }
        catalog.variables()
                .text("mandatory_roles")
                .ifPresent(roles -> notices.accept(Problem.at(
                        entry.at(), "the server gives every account these roles, agents included: " + roles)));
    }

    /// Of equal hosts the server takes the account with a name. Whoever comes from there logs in as nobody,
    /// whatever name it gives.
    private void anonymous(String host, Position at) {
        for (var other : catalog.accounts().anonymous()) {
            if (Hosts.takesOver(other, host)) {
                problems.accept(Problem.at(
                                at,
                                "the account without a name at '" + other
                                        + "' would take over the logins that come from there to an account at '" + host
                                        + "'")
                        .remedy("DROP USER ''@" + Sql.literal(other)
                                + ", or name the hosts of agents with hosts: [...]"));
            }
        }
    }
}
