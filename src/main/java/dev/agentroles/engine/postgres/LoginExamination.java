package dev.agentroles.engine.postgres;

import dev.agentroles.access.Finding;
import dev.agentroles.engine.Rule;
import dev.agentroles.engine.Subject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Who gets in: the bounds of a login, and roles that should only hold grants.
final class LoginExamination {
    private final Examined examined;
    private final List<Finding> findings = new ArrayList<>();

    LoginExamination(Examined examined) {
        this.examined = examined;
    }

    List<Finding> findings() {
        groups();
        if (examined.subject() instanceof Subject.Login login) {
            lease(login, examined.closure().subject());
        }
        return findings;
    }

    /// Of the roles that stand for an agent or a tier none logs in.
    private void groups() {
        for (var reached : examined.closure().usable()) {
            var role = reached.role();
            var login = examined.subject() instanceof Subject.Login
                    && role.equals(examined.closure().subject());
            if (role.canLogin() && !login && examined.intended().roles().contains(role.name())) {
                findings.add(Rule.GROUP_LOGIN.finding(
                        examined.agent(),
                        "%s only holds grants and can log in".formatted(role.name()),
                        reached.path(),
                        "pg_roles.rolcanlogin is true",
                        List.of("ALTER ROLE %s NOLOGIN".formatted(Sql.identifier(role.name()))),
                        List.of("R8")));
            }
        }
    }

    private void lease(Subject.Login declared, Closure.Member actual) {
        if (!actual.canLogin()) {
            drift(Rule.LEASE_DRIFT, declared, "cannot log in", "LOGIN", "R7");
        }
        if (actual.connectionLimit() != declared.connections()) {
            drift(
                    Rule.LEASE_DRIFT,
                    declared,
                    "may have %s sessions at once, declared were %d"
                            .formatted(
                                    actual.connectionLimit() < 0
                                            ? "any number of"
                                            : Integer.toString(actual.connectionLimit()),
                                    declared.connections()),
                    "CONNECTION LIMIT " + declared.connections(),
                    "R9");
        }
        var expiry = declared.expiresAt().truncatedTo(ChronoUnit.SECONDS);
        var at = actual.expiresAt().map(end -> end.truncatedTo(ChronoUnit.SECONDS));
        if (!at.equals(Optional.of(expiry))) {
            boolean longer = at.map(end -> end.isAfter(expiry)).orElse(true);
            drift(
                    longer ? Rule.LEASE_EXTENDED : Rule.LEASE_DRIFT,
                    declared,
                    "expires %s, declared was %s"
                            .formatted(actual.expiresAt().map(Instant::toString).orElse("never"), expiry),
                    "VALID UNTIL " + Sql.literal(declared.expiresAt().toString()),
                    "R9");
        }
    }

    private void drift(Rule rule, Subject.Login login, String what, String attribute, String id) {
        findings.add(rule.finding(
                examined.agent(),
                "login %s %s".formatted(login.role(), what),
                List.of(login.role().value()),
                "pg_roles",
                List.of("ALTER ROLE %s %s".formatted(Sql.identifier(login.role()), attribute)),
                List.of(id)));
    }
}
