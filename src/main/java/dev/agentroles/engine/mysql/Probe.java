package dev.agentroles.engine.mysql;

import dev.agentroles.access.Privilege;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.ProbeReport.Need;
import dev.agentroles.engine.ProbeReport.Told;
import dev.agentroles.engine.Rule;
import java.util.List;
import java.util.Set;

/// One statement to try as an agent, harmless whatever the server says to it.
///
/// @param promised whether it shall work
/// @param guarded whether it goes through a guarded view. What is not promised there passes every right,
/// and the guard alone refuses it: it is allowed if it touched a row
/// @param passed numbers of errors that come after the rights were checked: the statement cannot succeed,
/// and that is what makes it harmless
record Probe(
        String what, String sql, boolean promised, boolean guarded, Set<Integer> passed, List<Need> needs, Told told) {
    /// What a witness of the grant tables would report if something works that should not.
    private static final Told RULES = Told.by(
            Rule.SUPERUSER,
            Rule.CREATEROLE,
            Rule.REPLICATION,
            Rule.MEMBERSHIP,
            Rule.GRANT_EXCESS,
            Rule.PUBLIC_GRANT,
            Rule.PUBLIC_CREATE,
            Rule.SCHEMA_CREATE,
            Rule.CATALOG_GRANT,
            Rule.GRANT_OPTION,
            Rule.DEFINER_ROUTINE,
            Rule.PUBLIC_EXECUTE);

    private static final Told GUARD = Told.by(Rule.GUARD_MISSING, Rule.GUARD_CHANGED);

    static Probe promised(String what, String sql, Integer... passed) {
        return new Probe(what, sql, true, false, Set.of(passed), List.of(), Told.NOT);
    }

    static Probe denied(String what, String sql, Integer... passed) {
        return new Probe(what, sql, false, false, Set.of(passed), List.of(), RULES);
    }

    static Probe guarded(String what, String sql, Integer... passed) {
        return new Probe(what, sql, false, true, Set.of(passed), List.of(), GUARD);
    }

    Probe throughTheGuard() {
        return new Probe(what, sql, promised, true, passed, needs, told);
    }

    Probe needs(Privilege privilege, List<? extends Securable> on) {
        return new Probe(
                what,
                sql,
                promised,
                guarded,
                passed,
                on.stream().map(one -> new Need(privilege, one)).toList(),
                told.on(on));
    }

    Probe on(Securable object) {
        return new Probe(what, sql, promised, guarded, passed, needs, told.on(List.of(object)));
    }

    /// The same while other roles act: then nothing is promised, and what the grant tables say of the
    /// beginning of a session does not decide.
    ///
    /// @param how for people
    /// @param roles that act and are not the agent's own, as a path of the grant tables' witness names them
    Probe with(String how, List<String> roles) {
        return new Probe(
                what + " " + how,
                sql,
                false,
                guarded,
                passed,
                List.of(),
                RULES.on(told.objects()).reachedBy(roles));
    }
}
