package dev.agentroles.draft;

import dev.agentroles.engine.Survey;
import dev.agentroles.problem.Printable;
import dev.agentroles.profile.FirstProfile;
import dev.agentroles.profile.YamlText;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A [Draft] as a commented profile.
///
/// @param hosts from where the accounts come that agents take the place of; empty if from anywhere
record DraftText(Import order, String identifier, Survey survey, List<String> hosts, Draft draft) {
    private static final int WIDTH = 118;

    String render() {
        return FirstProfile.text(order.environment(), text(database()), text(scopes()), text(agents()));
    }

    private static String text(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }

    private List<String> database() {
        var lines = new ArrayList<String>();
        lines.add(YamlText.of(order.name()) + ":");
        lines.add("  engine: " + order.engine());
        lines.add("  # On another machine the server must prove who it is; `tls: unverified` takes that risk by name.");
        lines.add("  url: " + YamlText.quoted(order.url()));
        if (order.unverified()) {
            lines.add("  tls: unverified");
        }
        lines.add("  # Who makes the roles; no superuser is needed. agentroles plan says which rights it lacks.");
        lines.add("  admin: {username: " + YamlText.of(order.username()) + ", password: {env: " + order.variable()
                + "}}");
        lines.add("  # This server and no other: a dump of it that is loaded elsewhere is refused.");
        lines.add("  identity: " + YamlText.quoted(identifier));
        lines.addAll(order.terms().hosts() ? hosts(hosts) : hardening());
        return lines;
    }

    private static List<String> hosts(List<String> hosts) {
        return List.of(
                "  # From where agents log in; the machine that runs agentroles is among them, as it tries each login.",
                hosts.isEmpty()
                        ? "  # hosts: [\"10.1.%\"]"
                        : "  hosts: [" + hosts.stream().map(YamlText::quoted).collect(Collectors.joining(", ")) + "]");
    }

    private List<String> hardening() {
        var words = survey.everybody().stream()
                .collect(Collectors.groupingBy(Survey.Everybody::word, TreeMap::new, Collectors.toList()));
        if (words.isEmpty()) {
            return List.of();
        }
        var lines = new ArrayList<String>();
        lines.add(
                "  # What everybody may do here, agents included, and each line takes away. apply says who else loses what,");
        lines.add("  # and gives it back to those who are named.");
        lines.add("  # harden:");
        words.forEach((word, rows) -> lines.add("  #   - " + word + "    # " + Printable.line(cost(rows))));
        return lines;
    }

    private static String cost(List<Survey.Everybody> rows) {
        var first = rows.getFirst();
        var what = first.privilege().sql() + " on " + first.on().display()
                + (rows.size() > 1 ? " and " + (rows.size() - 1) + " more" : "");
        var keepers = rows.stream()
                .flatMap(row -> row.keepers().stream())
                .map(Object::toString)
                .toList();
        return what
                + (keepers.isEmpty()
                        ? "; nobody else has it through that alone"
                        : "; given back to " + Listed.of(keepers));
    }

    private List<String> scopes() {
        var lines = new ArrayList<String>();
        lines.add("# What an agent may reach. Patterns: schema.table, with * and ?; names are case-sensitive.");
        lines.addAll(comment("", draft.leftOut()));
        draft.scopes().forEach(scope -> lines.addAll(scope(scope)));
        return lines;
    }

    private List<String> scope(Draft.Scope scope) {
        var lines = new ArrayList<>(List.of(""));
        lines.addAll(comment("", scope.comment()));
        lines.add(YamlText.of(scope.name()) + ":");
        lines.add("  database: " + YamlText.of(order.name()));
        lines.addAll(patterns("include", scope.include()));
        lines.addAll(patterns("exclude", scope.exclude()));
        return lines;
    }

    private static List<String> patterns(String key, List<Draft.Line> patterns) {
        if (patterns.isEmpty()) {
            return List.of();
        }
        var lines = new ArrayList<String>();
        lines.add("  " + key + ":");
        patterns.forEach(line -> lines.add("    - " + YamlText.of(line.pattern())
                + (line.why().isEmpty() ? "" : "    # " + Printable.line(line.why()))));
        return lines;
    }

    private List<String> agents() {
        var lines = new ArrayList<String>();
        lines.add(FirstProfile.TIERS);
        draft.agents().forEach(agent -> lines.addAll(agent(agent)));
        return lines;
    }

    private static List<String> agent(Draft.Agent agent) {
        var lines = new ArrayList<>(List.of(""));
        lines.addAll(comment("", agent.comment()));
        lines.add(YamlText.of(agent.name()) + ":");
        lines.add("  owner: you@example.com");
        lines.add("  purpose: " + YamlText.quoted(agent.purpose()));
        lines.add("  access:");
        for (var access : agent.access()) {
            lines.addAll(comment("    ", access.comment()));
            lines.add("    - {scope: " + YamlText.of(access.scope()) + ", tier: "
                    + access.tier().word() + "}");
        }
        lines.add("  lease: {ttl: 1h, overlap: 10m, connections: 5}");
        return lines;
    }

    private static List<String> comment(String indent, List<String> texts) {
        return texts.stream()
                .flatMap(text -> wrapped(Printable.line(text)).stream())
                .map(line -> indent + "# " + line)
                .toList();
    }

    /// What goes on is indented.
    private static List<String> wrapped(String text) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        for (var word : text.split(" ", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
                line.append("  ").append(word);
            } else {
                line.append(line.isEmpty() ? "" : " ").append(word);
            }
        }
        lines.add(line.toString());
        return lines;
    }
}
