package dev.agentroles.draft;

import dev.agentroles.access.Securable;
import dev.agentroles.access.Tier;
import dev.agentroles.engine.Account;
import dev.agentroles.engine.Survey;
import dev.agentroles.profile.Pattern;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// An agent in the place of each of some accounts: with the least scopes and tiers that cover what it can do in
/// tables. Accounts that can do the same share a scope.
final class AccountDraft {
    /// Of fewer tables each is named: what is made later is then not an agent's by itself.
    private static final int MANY = 30;

    private final Survey survey;
    private final Set<Securable.Relation> stored;
    private final Names names;
    private final Map<Content, Draft.Scope> scopes = new LinkedHashMap<>();
    private final List<Draft.Agent> agents = new ArrayList<>();

    AccountDraft(Survey survey, Names names) {
        this.survey = survey;
        this.stored = survey.tables().stream()
                .filter(Survey.Table::stored)
                .map(Survey.Table::name)
                .collect(Collectors.toSet());
        this.names = names;
    }

    private record Content(List<Draft.Line> include, List<Draft.Line> exclude) {}

    /// @param lost what it can do and no tier gives
    void add(Account account, Reach reach, List<String> lost) {
        var access = new ArrayList<Draft.Access>();
        bySchema(reach.reads()).forEach((schema, reads) -> {
            var writes = new ArrayList<>(reads.keySet());
            writes.retainAll(reach.writes().keySet());
            var readOnly = new TreeMap<>(reads);
            readOnly.keySet().removeAll(writes);
            if (!readOnly.isEmpty()) {
                access.add(new Draft.Access(scope(schema, schema, readOnly), Tier.EXPLORE, List.of()));
            }
            if (!writes.isEmpty()) {
                var written = new TreeMap<>(reads);
                written.keySet().retainAll(writes);
                var name = readOnly.isEmpty() ? schema : schema + "-writes";
                access.add(new Draft.Access(
                        scope(name, schema, written), Tier.DDL_DENIED, written(account, reach, writes, access)));
            }
        });
        agents.add(new Draft.Agent(
                names.agent(account.name().value()),
                about(account, lost),
                "takes the place of account " + account.name(),
                access));
    }

    Draft draft() {
        return new Draft(List.copyOf(scopes.values()), List.of(), agents);
    }

    private static SortedMap<String, SortedMap<Securable.Relation, Set<String>>> bySchema(
            SortedMap<Securable.Relation, Set<String>> reads) {
        var schemas = new TreeMap<String, SortedMap<Securable.Relation, Set<String>>>();
        reads.forEach((table, hidden) -> schemas.computeIfAbsent(table.schema(), _ -> new TreeMap<>(Reach.BY_NAME))
                .put(table, hidden));
        return schemas;
    }

    /// The name of a scope of these tables; one that is there already if it is the same.
    private String scope(String name, String schema, SortedMap<Securable.Relation, Set<String>> tables) {
        boolean whole = isWhole(schema, tables.keySet());
        var include = new ArrayList<Draft.Line>();
        if (whole) {
            include.add(new Draft.Line(Pattern.all(schema), ""));
        }
        // A wildcard leaves out views that read beyond the scope.
        tables.keySet().stream()
                .filter(table -> !whole || !stored.contains(table))
                .forEach(table -> include.add(new Draft.Line(
                        Pattern.exactly(table.schema(), table.name()),
                        secret(table, tables.getOrDefault(table, Set.of())))));
        var exclude = new ArrayList<Draft.Line>();
        tables.forEach((table, hidden) -> hidden.forEach(
                column -> exclude.add(new Draft.Line(Pattern.hiding(table.schema(), table.name(), column), ""))));
        return scopes.computeIfAbsent(
                        new Content(include, exclude),
                        content -> new Draft.Scope(
                                names.scope(name),
                                comment(schema, whole, !exclude.isEmpty()),
                                content.include(),
                                content.exclude()))
                .name();
    }

    /// What a person should look at again: the account reads it, and need not.
    private String secret(Securable.Relation table, Set<String> hidden) {
        if (SecretName.of(table.name()).isPresent()) {
            return "looks secret by its name";
        }
        var columns = survey.columns().of(table).stream()
                .filter(column ->
                        !hidden.contains(column) && SecretName.of(column).isPresent())
                .toList();
        return columns.isEmpty() ? "" : "looks secret by its name: " + Listed.of(columns);
    }

    private static List<String> comment(String schema, boolean whole, boolean columns) {
        var comment = new ArrayList<String>();
        if (whole) {
            comment.add("All of schema " + schema + "; a table that is made later comes with the next apply.");
        }
        if (columns) {
            comment.add("A column that is added later comes with the next apply, unless it is excluded.");
        }
        return comment;
    }

    private boolean isWhole(String schema, Set<Securable.Relation> tables) {
        return tables.size() > MANY
                && survey.tables().stream()
                        .map(Survey.Table::name)
                        .filter(table -> table.schema().equals(schema))
                        .allMatch(tables::contains);
    }

    private static List<String> about(Account account, List<String> lost) {
        var about = new ArrayList<String>();
        var hosts = account.hosts().stream().filter(host -> !host.isEmpty()).toList();
        about.add("What account " + account.name() + " can do in tables"
                + (hosts.isEmpty() || hosts.equals(List.of("%"))
                        ? "."
                        : "; it comes from " + String.join(", ", hosts) + "."));
        lost.forEach(line -> about.add("not taken over: " + line));
        return about;
    }

    /// What the tier gives beyond what the account has, and how to bound it.
    ///
    /// @param before that the agent has: how to bound it is told once
    private static List<String> written(
            Account account, Reach reach, List<Securable.Relation> tables, List<Draft.Access> before) {
        var lines = new ArrayList<String>();
        if (before.stream().noneMatch(access -> access.tier() == Tier.DDL_DENIED)) {
            lines.add(
                    "tier: writer, rows: 1000 is the bounded choice: UPDATE and DELETE only with WHERE, and only of so many"
                            + " rows.");
        }
        var more = new TreeMap<String, List<String>>();
        for (var table : tables) {
            var beyond = EnumSet.copyOf(Reach.WRITES);
            Optional.ofNullable(reach.writes().get(table)).ifPresent(beyond::removeAll);
            if (!beyond.isEmpty()) {
                more.computeIfAbsent(Reach.words(beyond), _ -> new ArrayList<>())
                        .add(table.display());
            }
        }
        more.forEach((privileges, names) ->
                lines.add("more than " + account.name() + " has: " + privileges + " on " + Listed.of(names)));
        return lines;
    }
}
