package dev.agentroles.engine.mysql;

import dev.agentroles.access.RoleName;
import dev.agentroles.engine.Subject;
import dev.agentroles.engine.mysql.EffectivePrivileges.Power;
import dev.agentroles.engine.mysql.EffectivePrivileges.Reached;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// One subject on the table: what it can do, and what it should.
record Examined(Subject subject, Intended intended, EffectivePrivileges privileges) {
    GrantTables tables() {
        return privileges.tables();
    }

    Optional<String> agent() {
        return Optional.of(subject.agent());
    }

    /// Roles of the profile that the server does not have.
    List<RoleName> absent() {
        return intended.roles().stream().filter(this::isAbsent).sorted().toList();
    }

    boolean isAbsent(RoleName role) {
        return tables().accounts().keySet().stream()
                .noneMatch(account -> account.user().equals(role.value()));
    }

    /// Whether the subject is to have the power of an account.
    boolean wanted(GrantTables.Account account) {
        return !account.anonymous() && intended.roles().contains(new RoleName(account.user()));
    }

    /// What reaches the subject through roles that it should have, or because everybody has it; the rest is
    /// told by the membership that leads there.
    Stream<Power> own() {
        return privileges.powers().stream()
                .filter(power -> wanted(power.reached().account()) || everybodys(power.reached()));
    }

    /// What is not a role that somebody could revoke from the subject.
    boolean everybodys(Reached reached) {
        var account = reached.account();
        return account.anonymous() || isPublic(account);
    }

    boolean isPublic(GrantTables.Account account) {
        return tables().mariadb() && account.equals(GrantTables.Account.PUBLIC);
    }

    List<Reached> strangers() {
        return privileges.closure().values().stream()
                .filter(reached -> !wanted(reached.account()) && !everybodys(reached))
                .toList();
    }
}
