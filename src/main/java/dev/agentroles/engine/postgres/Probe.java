package dev.agentroles.engine.postgres;

import dev.agentroles.access.Privilege;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.ProbeReport.Need;
import dev.agentroles.engine.ProbeReport.Told;
import dev.agentroles.engine.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One statement to try as an agent, harmless whatever the server says to it.
///
/// @param promised whether it shall work
/// @param canary what the statement names last and nothing has: that it is missing is said after the rights
/// to the rest were checked, and makes the statement harmless
/// @param reading what an answer without an error means
record Probe(
        String what,
        String sql,
        boolean promised,
        Optional<String> canary,
        Reading reading,
        List<Need> needs,
        Told told) {
    enum Reading {
        /// No error means that it was allowed.
        NO_ERROR,
        /// The one value says whether it is allowed.
        VALUE,
        /// GRANT without the right to is a warning: 01007, privilege_not_granted.
        NO_WARNING
    }

    static Probe promised(String what, String sql) {
        return new Probe(what, sql, true, Optional.empty(), Reading.NO_ERROR, List.of(), Told.NOT);
    }

    static Probe denied(String what, String sql, Rule... rules) {
        return new Probe(what, sql, false, Optional.empty(), Reading.NO_ERROR, List.of(), Told.by(rules));
    }

    Probe needs(Privilege privilege, Securable on) {
        return needs(List.of(new Need(privilege, on)));
    }

    /// Whoever may look into a schema can do nothing yet to what is in it.
    Probe needs(List<Need> more) {
        var all = new ArrayList<>(needs);
        all.addAll(more);
        var objects = more.stream()
                .filter(need -> need.privilege() != Privilege.USAGE || !(need.on() instanceof Securable.Schema))
                .map(Need::on);
        return new Probe(what, sql, promised, canary, reading, List.copyOf(all), told.on(objects.toList()));
    }

    Probe on(Securable object) {
        return new Probe(what, sql, promised, canary, reading, needs, told.on(List.of(object)));
    }

    /// What membership in this role gives.
    Probe role(String name) {
        return new Probe(what, sql, promised, canary, reading, needs, told.reachedBy(Closure.steps(name)));
    }

    Probe endsAt(String missing) {
        return new Probe(what, sql, promised, Optional.of(missing), reading, needs, told);
    }

    Probe reading(Reading how) {
        return new Probe(what, sql, promised, canary, how, needs, told);
    }
}
