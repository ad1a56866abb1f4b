package dev.agentroles.report;

import dev.agentroles.access.Privilege;
import dev.agentroles.access.Securable;
import dev.agentroles.audit.Explanation;
import dev.agentroles.engine.Holding;
import dev.agentroles.engine.Rule;
import dev.agentroles.problem.Printable;

/// Why an agent has a privilege, and what a finding means.
public final class ExplanationText {
    private ExplanationText() {}

    public static String rule(Rule rule) {
        var text = new StringBuilder();
        text.append(rule.code())
                .append(", usually ")
                .append(rule.severity().word())
                .append('\n');
        text.append("  means     ").append(rule.meaning()).append('\n');
        text.append("  mend      ").append(rule.cure()).append('\n');
        if (!rule.paths().isEmpty()) {
            text.append("  paths     ").append(String.join(", ", rule.paths())).append('\n');
        }
        if (!rule.controls().isEmpty()) {
            text.append("  controls  ")
                    .append(String.join(", ", rule.controls()))
                    .append('\n');
        }
        return text.toString();
    }

    public static String privilege(String agent, Privilege privilege, Explanation explanation) {
        var claim = privilege.sql() + " on " + Printable.line(explanation.on().display());
        if (!explanation.given()) {
            return "Nothing gives " + agent + " " + claim + ".\n";
        }
        var text = new StringBuilder(
                agent + " has " + claim + (explanation.onlyColumns() ? ", but only on single columns:\n" : ":\n"));
        explanation
                .superuser()
                .ifPresent(path -> text.append("  as a superuser: ")
                        .append(Printable.line(String.join(" > ", path)))
                        .append('\n'));
        for (var way : explanation.ways()) {
            text.append("  ")
                    .append(Printable.line(way.pathText()))
                    .append(how(way))
                    .append(where(way, explanation.on()))
                    .append('\n');
        }
        return text.toString();
    }

    /// What the privilege is held on, where that is not what was asked about.
    private static String where(Holding way, Securable asked) {
        var name = Printable.line(way.on().display());
        if (way.on().equals(asked)
                || (asked instanceof Securable.Column column && way.on().equals(column.owner()))) {
            return "";
        }
        return switch (way.on()) {
            case Securable.Relation _ -> ", through " + name;
            case Securable.Column column
            when asked.equals(column.owner()) -> " on column " + Printable.line(column.name());
            case Securable.Column _ -> ", through column " + name;
            default -> " of " + name;
        };
    }

    private static String how(Holding way) {
        var source = switch (way.source()) {
            case GRANT -> " by grant";
            case OWNERSHIP -> " as owner";
            case OPTION -> " by grant option, to pass it on only";
            case PREDEFINED -> " by a role that the server defines";
        };
        var reach = switch (way.reach()) {
            case AT_ONCE -> "";
            case SET_ROLE -> ", after SET ROLE";
            case SELF_GRANT -> ", after granting itself the membership";
        };
        return source + reach + (way.grantable() ? ", with grant option" : "");
    }
}
