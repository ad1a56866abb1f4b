package dev.agentroles.engine.postgres;

import dev.agentroles.access.Guard;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What one look found of the guard, and of the tables that it could hang on.
///
/// @param role that it runs as, or would
/// @param standing whether that role is there
/// @param core the facts about its own objects, sorted; empty: there are none
/// @param owner of them
/// @param claims the statements that give its owner what somebody else has put among them
/// @param repairs the statements that make way for them as this program has them
/// @param limits as they stand; empty also where somebody wrote them in another way than this program
record GuardCatalog(
        GuardRole role,
        boolean standing,
        List<String> core,
        Optional<RoleName> owner,
        List<String> claims,
        List<String> repairs,
        List<TableRow> tables,
        List<Edge> edges,
        Set<Guard.Limits> limits) {
    /// Of a profile without a writer, in a database without a guard: nothing was asked.
    ///
    /// @param standing somebody has dropped the guard's schema, and its role is left
    static GuardCatalog none(GuardRole role, boolean standing) {
        return new GuardCatalog(
                role,
                standing,
                standing ? List.of("role") : List.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Set.of());
    }

    /// @param heap whether the server counts its rows as the guard needs it
    /// @param policy whether the guard's policy is there, which shows its role every row
    /// @param reached whether the guard's role may name what is in the table's schema
    /// @param owned whether the administrator acts as its owner
    record TableRow(
            Securable.Relation relation,
            char kind,
            boolean heap,
            boolean partition,
            boolean rowSecurity,
            boolean policy,
            boolean reached,
            RoleName owner,
            boolean owned,
            Optional<String> definition) {
        /// Rows of a foreign table, and of other access methods, are not in the counters.
        boolean countable() {
            return kind != 'f' && heap;
        }
    }

    /// A trigger of a table that fires in sessions of agents.
    private static final Pattern FIRING = Pattern.compile("(?:^|; )\\S+ \\d+ [AO] ");

    /// The trigger that counts at the end of a transaction, switched off. Without it the others fail.
    private static final Pattern NOT_COUNTING = Pattern.compile("^trigger settle \\| \\d+ \\| [DR] ");

    /// The tables where something looks at what writers change. An older guard, and one that somebody edited, may still
    /// hold them; where its trigger is gone or off, or the one that counts is, nothing does.
    Set<Securable.Relation> holding() {
        return core.stream().anyMatch(fact -> NOT_COUNTING.matcher(fact).find())
                ? Set.of()
                : tables.stream()
                        .filter(row -> row.definition()
                                .filter(definition -> FIRING.matcher(definition).find())
                                .isPresent())
                        .map(TableRow::relation)
                        .collect(Collectors.toSet());
    }

    /// How rows of one table change with another's, in the words of `guard-edges.sql`.
    enum Way {
        /// A partition or an inheriting table.
        CHILD("as a table that inherits"),
        KEY("by a foreign key"),
        RULE("by a rule");

        private final String words;

        Way(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    record Edge(Way way, Securable.Relation from, Securable.Relation to) {
        boolean child() {
            return way == Way.CHILD;
        }
    }

    Map<Securable.Relation, TableRow> byName() {
        return tables.stream().collect(Collectors.toMap(TableRow::relation, Function.identity()));
    }

    Guard guard() {
        return new Guard(
                core.isEmpty() ? Optional.empty() : Optional.of(GuardSql.fingerprint(core)),
                tables.stream()
                        .flatMap(
                                row -> row
                                        .definition()
                                        .map(definition -> new Guard.Table(row.relation(), definition, true))
                                        .stream())
                        .collect(Collectors.toSet()),
                limits);
    }
}
