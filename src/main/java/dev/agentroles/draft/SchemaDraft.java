package dev.agentroles.draft;

import dev.agentroles.access.Securable;
import dev.agentroles.access.Tier;
import dev.agentroles.engine.Survey;
import dev.agentroles.profile.Pattern;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// One scope a schema, and an agent that reads them all but what looks secret.
record SchemaDraft(Survey survey, Names names) {
    private static final String VOWELS = "aei";

    Draft draft() {
        var scopes = new ArrayList<Draft.Scope>();
        var leftOut = new ArrayList<String>();
        var schemas = survey.tables().stream()
                .collect(Collectors.groupingBy(table -> table.name().schema(), TreeMap::new, Collectors.toList()));
        schemas.forEach((schema, tables) -> {
            if (!Pattern.canName(schema)) {
                leftOut.add("Schema " + schema + " is left out: a profile cannot write its name.");
                return;
            }
            scope(schema, tables)
                    .ifPresentOrElse(
                            scopes::add,
                            () -> leftOut.add("Schema " + schema + " is left out: all that is in it looks secret."));
        });
        var access = scopes.stream()
                .map(scope -> new Draft.Access(scope.name(), Tier.EXPLORE, List.of()))
                .toList();
        return new Draft(
                scopes,
                leftOut,
                scopes.isEmpty()
                        ? List.of()
                        : List.of(new Draft.Agent(
                                names.agent("explorer"),
                                List.of("Reads every schema: take out what it does not need."),
                                "answers questions",
                                access)));
    }

    /// Empty if nothing of the schema is proposed.
    private Optional<Draft.Scope> scope(String schema, List<Survey.Table> tables) {
        var relations = tables.stream().map(Survey.Table::name).toList();
        var exclude =
                relations.stream().flatMap(table -> exclude(table).stream()).toList();
        if (relations.stream()
                .allMatch(table -> exclude.stream()
                        .anyMatch(line -> line.pattern().equals(Pattern.hiding(table.schema(), table.name()))))) {
            return Optional.empty();
        }
        long stored = tables.stream().filter(Survey.Table::stored).count();
        var comment = new ArrayList<String>();
        comment.add("Schema " + schema + ": " + count(stored, "table")
                + (stored < tables.size() ? ", " + count(tables.size() - stored, "view") : "")
                + (stored < tables.size()
                        ? ". A view that reads beyond the scope must be included by its exact name."
                        : "."));
        if (!exclude.isEmpty()) {
            comment.add("What is excluded looks secret by its name: look at each, and at what is not excluded.");
        }
        return Optional.of(new Draft.Scope(
                names.scope(schema), comment, List.of(new Draft.Line(Pattern.all(schema), "")), exclude));
    }

    private static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /// What a table is a part of decides for it: an exclude of that reaches it, and one of the part alone hides
    /// nothing.
    private List<Draft.Line> exclude(Securable.Relation table) {
        var above = survey.ancestors().getOrDefault(table, Set.of());
        var secret = SecretName.of(table.name());
        if (secret.isPresent()) {
            return above.isEmpty()
                    ? List.of(new Draft.Line(Pattern.hiding(table.schema(), table.name()), because(secret.get())))
                    : List.of();
        }
        var columns = survey.columns().of(table).stream()
                .filter(column -> above.stream()
                        .noneMatch(parent -> survey.columns().of(parent).contains(column)))
                .toList();
        var hidden = columns.stream()
                .filter(column -> SecretName.of(column).isPresent())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (hidden.isEmpty()) {
            return List.of();
        }
        return survey.hidesColumns() ? columns(table, columns, hidden) : whole(table, hidden);
    }

    private List<Draft.Line> columns(Securable.Relation table, List<String> columns, Set<String> hidden) {
        return columns.stream()
                .flatMap(column -> {
                    var from = survey.columns().origins(table, column).stream()
                            .filter(hidden::contains)
                            .sorted()
                            .findFirst();
                    var why = SecretName.of(column)
                            .map(SchemaDraft::because)
                            .or(() -> from.map("computed from "::concat));
                    return why
                            .map(text -> new Draft.Line(Pattern.hiding(table.schema(), table.name(), column), text))
                            .stream();
                })
                .toList();
    }

    /// Of a view the engine hides columns well.
    private List<Draft.Line> whole(Securable.Relation table, Set<String> hidden) {
        boolean stored = survey.tables().stream().anyMatch(one -> one.name().equals(table) && one.stored());
        return stored
                ? List.of(new Draft.Line(
                        Pattern.hiding(table.schema(), table.name()),
                        "column " + Listed.of(hidden)
                                + ", which this engine cannot hide alone; a view without it can be"
                                + " included by exact name"))
                : columns(table, survey.columns().of(table), hidden);
    }

    private static String because(String secret) {
        return "looks like " + (VOWELS.indexOf(secret.charAt(0)) < 0 ? "a " : "an ") + secret;
    }
}
