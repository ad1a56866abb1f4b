package dev.agentroles.plan;

import dev.agentroles.access.Attributes;
import dev.agentroles.access.DefaultGrant;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Guard;
import dev.agentroles.access.Membership;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import java.util.Locale;
import java.util.stream.Collectors;

/// A change in one line, the same for people, fingerprints and JSON. Not SQL.
///
/// @param sign `+` comes to be, `~` is altered, `-` goes away
/// @param action stable word for machines: `grant`, `create-role`, ...
/// @param text the line without its sign
public record Description(char sign, String action, String text, Impact impact) {
    public static Description of(Change change) {
        return switch (change) {
            case Change.CreateRole(var role) ->
                new Description('+', "create-role", "role " + role.name(), Impact.KEEPS);
            case Change.AlterRole(var from, var to) ->
                new Description(
                        '~',
                        "alter-role",
                        "role " + to.name() + ": " + attributes(from.attributes()) + " becomes "
                                + attributes(to.attributes()),
                        to.attributes().login() && !from.attributes().login() ? Impact.WIDENS : Impact.NARROWS);
            case Change.DropRole(var role) -> new Description('-', "drop-role", "role " + role.name(), Impact.NARROWS);
            case Change.AddMembership(var membership) ->
                new Description('+', "add-membership", membership(membership), Impact.WIDENS);
            case Change.RemoveMembership(var membership) ->
                new Description('-', "remove-membership", membership(membership), Impact.NARROWS);
            case Change.Give(var grant) ->
                new Description('+', "grant", grant(grant), marks(grant) ? Impact.KEEPS : Impact.WIDENS);
            case Change.Revoke(var grant) ->
                new Description('-', "revoke", grant(grant), marks(grant) ? Impact.KEEPS : Impact.NARROWS);
            case Change.Withhold(var grant) ->
                new Description('~', "withhold", grant(grant) + ", until its guard is back", Impact.NARROWS);
            case Change.AddDefault(var grant) -> new Description('+', "add-default", future(grant), Impact.WIDENS);
            case Change.RemoveDefault(var grant) ->
                new Description('-', "remove-default", future(grant), Impact.NARROWS);
            case Change.PutSetting(var setting) ->
                new Description(
                        '+',
                        "put-setting",
                        "setting " + setting.name() + " = " + setting.value() + " for " + setting.role(),
                        Impact.KEEPS);
            case Change.ResetSetting(var setting) ->
                new Description(
                        '-',
                        "reset-setting",
                        "setting " + setting.name() + " = " + setting.value() + " of " + setting.role()
                                + setting.database()
                                        .map(name -> " in database " + name)
                                        .orElse(""),
                        Impact.NARROWS);
            case Change.Harden harden -> new Description('-', "harden", hardening(harden), Impact.OTHERS);
            case Change.OfGuard guard -> GuardDescription.of(guard);
            case Change.PutExpiry(var fingerprint, var was) ->
                new Description(
                        was.isPresent() ? '~' : '+',
                        "put-expiry",
                        "expiry event " + fingerprint
                                + was.map(other -> ", in place of " + other).orElse(""),
                        Impact.KEEPS);
            case Change.DropExpiry() ->
                new Description('-', "drop-expiry", "expiry event: leases last until reap ends them", Impact.WIDENS);
            case Change.PutDoor(var fingerprint, var was) ->
                new Description(
                        was.isPresent() ? '~' : '+',
                        "put-door",
                        "change requests: schema agentroles_changes, " + fingerprint
                                + was.map(other -> ", in place of " + other).orElse(""),
                        Impact.KEEPS);
            case Change.DropDoor() ->
                new Description('-', "drop-door", "change requests: schema agentroles_changes", Impact.KEEPS);
            case Change.MigrateLedger(var from, var to) ->
                new Description(
                        from == 0 ? '+' : '~',
                        "migrate-ledger",
                        from == 0
                                ? "ledger: schema agentroles, version " + to
                                : "ledger: schema agentroles, version " + from + " becomes " + to,
                        Impact.KEEPS);
            case Change.Stamp(var environment, var identity) ->
                new Description(
                        '+', "stamp", "stamp: environment " + environment + ", server " + identity, Impact.KEEPS);
            case Change.IssueLease(var agent) ->
                new Description('+', "issue-lease", "lease for " + agent, Impact.KEEPS);
            case Change.EndLease(var agent, var lease) ->
                new Description('-', "end-lease", "lease " + lease + " of " + agent, Impact.NARROWS);
        };
    }

    /// It tells the guard whom it holds, and opens nothing.
    private static boolean marks(Grant grant) {
        return grant.on().equals(Guard.MARKER);
    }

    private static String hardening(Change.Harden harden) {
        var objects = harden.objects().stream().map(Securable::display).collect(Collectors.joining(", "));
        var keepers = harden.keepers().stream().map(RoleName::value).collect(Collectors.joining(", "));
        return harden.word() + ": " + harden.privilege().sql() + " on " + objects + " to PUBLIC; "
                + (keepers.isEmpty() ? "nobody else relies on it" : "kept for " + keepers);
    }

    private static String grant(Grant grant) {
        return grant.privilege().sql() + " on " + grant.on().display() + " to " + grant.grantee()
                + (grant.grantable() ? " with grant option" : "");
    }

    private static String future(DefaultGrant grant) {
        return grant.privilege().sql() + " on future " + grant.kind().toLowerCase(Locale.ROOT)
                + grant.schema().map(schema -> " of schema " + schema).orElse("") + " made by " + grant.creator()
                + " to " + grant.grantee() + (grant.grantable() ? " with grant option" : "");
    }

    private static String membership(Membership membership) {
        var options = new StringBuilder();
        if (!membership.inherits()) {
            options.append(" without inheriting");
        }
        if (membership.settable()) {
            options.append(" with set role");
        }
        if (membership.admin()) {
            options.append(" with admin option");
        }
        return "membership of " + membership.member() + " in " + membership.group() + options;
    }

    private static String attributes(Attributes attributes) {
        return (attributes.login() ? "login" : "no login")
                + (attributes.inherit() ? "" : ", no inherit")
                + (attributes.powers().isEmpty() ? "" : ", " + String.join(", ", attributes.powers()));
    }
}
