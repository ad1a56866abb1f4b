package dev.agentroles.engine.mysql;

import dev.agentroles.access.Grant;
import dev.agentroles.access.Guard;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.plan.Reason;
import dev.agentroles.problem.Position;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// The guard that a profile needs: a view in the place of each table that a writer may change, and
/// with which limits.
final class GuardResolver {
    private static final long MINUTE = 60;

    /// Of half rows there is room for 20 bits, of seconds for 17.
    private static final long MOST_ROWS = 500_000;

    private static final long MOST_SECONDS = 131_071;

    private final GuardCatalog catalog;
    private final String product;
    private final boolean statementLog;
    private final Consumer<Problem> problems;
    private final Consumer<Problem> notices;
    private final Map<Object, Reason> reasons;
    private final Map<Securable.Relation, Set<RoleName>> tables = new LinkedHashMap<>();
    private final Map<Securable.Relation, Position> places = new LinkedHashMap<>();
    private final Set<Guard.Limits> limits = new LinkedHashSet<>();

    /// @param statementLog whether the server keeps a binary log of statements
    GuardResolver(
            GuardCatalog catalog,
            String product,
            boolean statementLog,
            Consumer<Problem> problems,
            Consumer<Problem> notices,
            Map<Object, Reason> reasons) {
        this.catalog = catalog;
        this.product = product;
        this.statementLog = statementLog;
        this.problems = problems;
        this.notices = notices;
        this.reasons = reasons;
    }

    /// Guards a table that a writer may change, and says what is to be granted on its view instead
    /// of the table.
    ///
    /// @param columns the columns left when some are excluded; empty: all
    void table(
            Securable.Relation table,
            RoleName tier,
            List<String> columns,
            Position at,
            BiConsumer<Grant, Reason> give) {
        tables.computeIfAbsent(table, _ -> new TreeSet<>()).add(tier);
        if (places.putIfAbsent(table, at) == null) {
            obstacle(table)
                    .ifPresent(why -> problems.accept(new Problem(
                            Optional.of(at),
                            table.display() + " cannot be guarded: " + why,
                            Optional.of("exclude it from the writer's scope, or use tier explore for it"))));
        }
        catalog.tables().find(table).filter(_ -> obstacle(table).isEmpty()).ifPresent(found -> {
            var visible = columns.isEmpty() ? found.visible() : columns;
            readable(table, visible, at);
            grants(found, tier, columns, at, give);
        });
    }

    /// A column that nobody can name is no use, and an agent would learn it from a refusal.
    private void readable(Securable.Relation table, List<String> columns, Position at) {
        for (var column : columns) {
            var name = table.column(column).display();
            catalog.form()
                    .confuses(column)
                    .ifPresent(why -> problems.accept(new Problem(
                            Optional.of(at),
                            name + " cannot be guarded: " + why,
                            Optional.of("exclude the column, or its table, from the writer's scope"))));
            if (catalog.form().ambiguous(column)) {
                notices.accept(Problem.at(
                                at,
                                name + " ends in ? or a letter that is not ASCII: the guard of " + product
                                        + " refuses some statements with such names in back-ticks")
                        .remedy("let writers write it without back-ticks"));
            }
        }
    }

    private void grants(
            GuardTables.Table table, RoleName tier, List<String> columns, Position at, BiConsumer<Grant, Reason> give) {
        var view = GuardSql.viewOf(table.name());
        var reason = Reason.of("the guarded view of " + table.name().display(), at);
        var visible = columns.isEmpty() ? table.visible() : columns;
        var carried = catalog.tables().carried(table.name());
        for (var privilege : List.of(Privilege.SELECT, Privilege.INSERT, Privilege.UPDATE)) {
            var reached = privilege == Privilege.UPDATE
                    ? visible.stream()
                            .filter(column -> !carried.contains(column))
                            .toList()
                    : visible;
            if (columns.isEmpty() && reached.size() == visible.size()) {
                give.accept(Grant.of(tier, privilege, view), reason);
            } else {
                reached.forEach(column -> give.accept(Grant.of(tier, privilege, view.column(column)), reason));
            }
        }
        give.accept(Grant.of(tier, Privilege.DELETE, view), reason);
        for (var function : catalog.form().callable(catalog.tables().guarded(table, Set.of(tier)))) {
            give.accept(
                    Grant.of(tier, Privilege.EXECUTE, new Securable.Routine(GuardSql.SCHEMA, function, "FUNCTION")),
                    Reason.of("asked of whoever describes a guarded view", at));
        }
    }

    /// Why a table cannot be guarded.
    private Optional<String> obstacle(Securable.Relation name) {
        var found = catalog.tables().find(name);
        if (found.isEmpty()) {
            return Optional.of("its columns are not shown to this administrator");
        }
        var table = found.get();
        if (!table.type().equals("BASE TABLE")) {
            return Optional.of("it is of type " + table.type());
        }
        if (!table.engine().equals("InnoDB")) {
            return Optional.of("its engine is " + table.engine() + ", which does not undo a statement that is refused");
        }
        if (catalog.form().needsKey() && table.key().isEmpty()) {
            return Optional.of("it has no key, and the guard of " + product + " needs a key column that is never NULL");
        }
        if (catalog.tables().circular(name)) {
            return Optional.of("a foreign key leads back to it and deletes its rows, which cannot be counted");
        }
        return catalog.form().confuses(name.schema() + name.name()).or(() -> catalog.taken(name));
    }

    /// @param access of tier writer
    void writer(RoleName agent, RoleName tier, Profile.Access access) {
        var given = access.limits();
        var window = given.window()
                .map(one -> new Guard.Window(one.rows(), one.per().toSeconds()))
                .orElseGet(() -> new Guard.Window(given.rowsPerTransactionOrDefault(), MINUTE));
        var caps = new Guard.Caps(
                given.rowsOrDefault(), Guard.Caps.UNBOUNDED, Guard.Caps.UNBOUNDED, Optional.of(window), false);
        possible(access, caps, window);
        if (statementLog) {
            problems.accept(Problem.at(
                            access.at(),
                            "the binary log holds statements (binlog_format = STATEMENT): a replica would be refused by the"
                                    + " guard what a writer changed here, and replication would stop")
                    .remedy("SET GLOBAL binlog_format = 'ROW', as a database administrator"));
        }
        unkept(access, caps);
        var wanted = new Guard.Limits(agent, tier, Optional.of(caps));
        limits.add(wanted);
        reasons.putIfAbsent(wanted, Reason.of("limits of a writer", access.at()));
    }

    private void possible(Profile.Access access, Guard.Caps caps, Guard.Window window) {
        if (caps.rows() > MOST_ROWS || window.rows() > MOST_ROWS || window.seconds() > MOST_SECONDS) {
            problems.accept(Problem.at(
                            access.at(),
                            "the guard of " + product + " counts at most " + MOST_ROWS
                                    + " rows, and windows of at most " + MOST_SECONDS + " s")
                    .remedy("ask for less"));
        }
    }

    /// What this family cannot hold a writer to, said with the profile's line.
    private void unkept(Profile.Access access, Guard.Caps caps) {
        var given = access.limits();
        if (given.window().isEmpty()) {
            notices.accept(Problem.at(
                    access.at(),
                    "rows_per_transaction: %s does not count by transaction: %d rows are what a session may change in a minute"
                            .formatted(product, caps.window().orElseThrow().rows())));
        } else if (given.rowsPerTransaction().isPresent()) {
            notices.accept(Problem.at(
                    access.at(),
                    "rows_per_transaction: " + product
                            + " does not count by transaction; rows_per_window holds instead"));
        }
        notices.accept(Problem.at(
                access.at(),
                "whole_table: " + product + " cannot see whether a statement takes every row: a table of at most "
                        + caps.rows() + " rows can be emptied by one statement with WHERE"));
        if (given.functions()) {
            notices.accept(Problem.at(
                    access.at(),
                    "functions: on " + product
                            + " what a function of the application writes is neither judged nor counted;"
                            + " no tier may call one"));
        }
    }

    /// What becomes of databases of views of which the profile needs none any more.
    private void emptied() {
        var needed = tables.keySet().stream()
                .flatMap(table -> catalog.form().viewSchemas(table).stream())
                .collect(Collectors.toSet());
        catalog.places().keySet().stream()
                .filter(schema -> !needed.contains(schema))
                .sorted()
                .forEach(this::emptied);
    }

    private void emptied(String schema) {
        var strangers = catalog.strangersIn(schema);
        if (!strangers.isEmpty()) {
            notices.accept(Problem.of("database " + schema + " stays without a guarded view: " + strangers.getFirst()
                            + (strangers.size() > 1 ? " and " + (strangers.size() - 1) + " more" : "")
                            + " in it is not agentroles'")
                    .remedy("drop the database when nobody needs that any more"));
        } else if (catalog.hasViews(schema)) {
            notices.accept(Problem.of("database " + schema + " is dropped with the last guarded view in it"));
        }
    }

    Guard guard() {
        emptied();
        if (limits.isEmpty()) {
            return Guard.NONE;
        }
        if (catalog.account() == GuardCatalog.Account.FOREIGN) {
            problems.accept(Problem.of("account " + GuardSql.DEFINER
                            + ", which the guard needs for itself, is there, and agentroles did not make it")
                    .remedy("drop or rename it; it is not touched"));
        }
        var core = GuardDefinition.fingerprint(catalog.expected());
        reasons.put(core, Reason.of("holds writers to WHERE and to their limits"));
        var guarded = new LinkedHashSet<Guard.Table>();
        tables.forEach((name, tiers) -> catalog.tables()
                .find(name)
                .filter(_ -> obstacle(name).isEmpty())
                .ifPresent(found -> {
                    var wanted = new Guard.Table(
                            name,
                            GuardDefinition.wanted(
                                            catalog.form(), catalog.tables().guarded(found, tiers))
                                    .text(),
                            false);
                    guarded.add(wanted);
                    reasons.putIfAbsent(
                            wanted,
                            Reason.of(
                                    "a writer may change it",
                                    Optional.ofNullable(places.get(name)).orElseThrow()));
                }));
        return new Guard(Optional.of(core), guarded, limits);
    }
}
