package dev.agentroles.profile;

import dev.agentroles.access.SessionBounds;
import dev.agentroles.access.Tier;
import dev.agentroles.problem.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/// Reads the entries of `scopes`, `agents` and `waivers`, given the names they may refer to.
final class AccessReader {
    private static final List<String> TIERS =
            Arrays.stream(Tier.values()).map(Tier::word).toList();
    private static final int MOST_CONNECTIONS = 1000;
    private static final int MOST_ROWS = 1_000_000;
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final List<String> LIMITS =
            List.of("rows", "rows_per_transaction", "whole_table", "rows_per_window", "window", "functions");

    private final Problems problems;

    AccessReader(Problems problems) {
        this.problems = problems;
    }

    Profile.Scope scope(String name, Item item, Collection<String> databases) {
        var fields = Fields.of(item, Form.SCOPE);
        return new Profile.Scope(
                name,
                fields.read("database", word -> database(word, databases)).orElse(""),
                patterns(fields, "include", PatternReader::include),
                patterns(fields, "exclude", PatternReader::exclude),
                fields.read("future", Item::truth).orElse(false),
                item.keyAt());
    }

    private static List<dev.agentroles.profile.Pattern> patterns(
            Fields fields, String key, Function<Item, Optional<dev.agentroles.profile.Pattern>> reading) {
        return fields.find(key).map(Item::list).orElse(List.of()).stream()
                .flatMap(entry -> reading.apply(entry).stream())
                .toList();
    }

    Profile.Agent agent(String name, Item item, Collection<String> scopes) {
        var fields = Fields.of(item, Form.AGENT);
        return new Profile.Agent(
                name,
                fields.read("owner", Item::text),
                fields.read("purpose", Item::prose),
                fields.find("access").map(list -> accesses(list, scopes)).orElse(List.of()),
                fields.find("lease").map(this::lease).orElse(Profile.LeaseTerms.DEFAULT),
                fields.read("request_changes", Item::truth).orElse(false),
                item.keyAt());
    }

    private List<Profile.Access> accesses(Item list, Collection<String> scopes) {
        var accesses = new ArrayList<Profile.Access>();
        var seen = new HashSet<String>();
        for (var item : list.list()) {
            var fields = Fields.of(item, Form.ACCESS);
            var scope = fields.read("scope", word -> word.word("scope", scopes));
            scope.ifPresent(name -> {
                if (!seen.add(name)) {
                    problems.add(
                            item.at(),
                            "scope " + Quoted.of(name) + " is there twice in " + list.label(),
                            "keep the entry with the tier that the agent needs");
                }
            });
            var tier = fields.read("tier", word -> word.word("tier", TIERS).flatMap(Tier::parse));
            if (scope.isPresent() && tier.isPresent()) {
                var at = fields.find("tier").map(Item::at).orElse(item.at());
                accesses.add(new Profile.Access(scope.get(), tier.get(), limits(fields, tier.get()), at));
            }
        }
        return accesses;
    }

    private Profile.WriteLimits limits(Fields fields, Tier tier) {
        if (tier != Tier.WRITER) {
            for (var key : LIMITS) {
                fields.find(key)
                        .ifPresent(limit -> problems.add(
                                limit.keyAt(),
                                key + " has no meaning for tier " + Quoted.of(tier.word()),
                                "only \"writer\" has limits"));
            }
            return Profile.WriteLimits.NONE;
        }
        var rows = rows(fields, "rows", 1);
        var perTransaction = rows(fields, "rows_per_transaction", 1);
        if (rows.isPresent() && perTransaction.isPresent() && perTransaction.getAsInt() < rows.getAsInt()) {
            problems.add(
                    fields.keyAt("rows_per_transaction").orElseThrow(),
                    "rows_per_transaction is less than rows",
                    "a transaction holds at least one statement: make it " + rows.getAsInt() + " or more");
        }
        return new Profile.WriteLimits(
                rows,
                perTransaction,
                rows(fields, "whole_table", 0),
                window(fields),
                fields.read("functions", Item::truth).orElse(false));
    }

    private static OptionalInt rows(Fields fields, String key, int least) {
        return fields.read(key, item -> item.number(least, MOST_ROWS)).stream()
                .mapToInt(Integer::intValue)
                .findFirst();
    }

    private Optional<Profile.Window> window(Fields fields) {
        var rows = rows(fields, "rows_per_window", 1);
        var time = fields.read("window", Item::duration);
        if (rows.isEmpty()) {
            fields.keyAt("window")
                    .ifPresent(at -> problems.add(
                            at, "window has no meaning without rows_per_window", "say how many rows it lets through"));
            return Optional.empty();
        }
        return Optional.of(new Profile.Window(rows.getAsInt(), time.orElse(WINDOW)));
    }

    private Profile.LeaseTerms lease(Item item) {
        var fields = Fields.of(item, Form.LEASE);
        var ttl = fields.read("ttl", Item::duration).orElse(Profile.LeaseTerms.DEFAULT.ttl());
        var overlap = fields.read("overlap", Item::duration);
        if (overlap.isPresent() && overlap.get().compareTo(ttl) > 0) {
            problems.add(
                    fields.find("overlap").map(Item::at).orElse(item.at()),
                    item.label() + ".overlap is longer than ttl",
                    "the previous login cannot outlive its own end");
        }
        return new Profile.LeaseTerms(
                ttl,
                overlap.orElse(overlapOf(ttl)),
                fields.read("connections", number -> number.number(1, MOST_CONNECTIONS))
                        .orElse(Profile.LeaseTerms.DEFAULT.connections()),
                new SessionBounds(
                        fields.read("idle_timeout", AccessReader::timeout),
                        fields.read("statement_timeout", AccessReader::timeout),
                        fields.read("max_session", Item::duration)));
    }

    private static Optional<Duration> timeout(Item item) {
        return item.duration(Durations.LONGEST_TIMEOUT);
    }

    /// What a lease without an overlap gets: a sixth of its time, ten minutes at most.
    private static Duration overlapOf(Duration ttl) {
        var sixth = ttl.dividedBy(6);
        var most = Profile.LeaseTerms.DEFAULT.overlap();
        return sixth.compareTo(most) < 0 ? sixth : most;
    }

    /// Empty after a problem: a waiver has no stand-in that could be told from a waiver.
    ///
    /// @param findings the codes that there are
    Optional<Profile.Waiver> waiver(
            Item item, Collection<String> databases, Collection<String> agents, Collection<String> findings) {
        var fields = Fields.of(item, Form.WAIVER);
        var finding = fields.read("finding", code -> code.word("finding", findings));
        var database = fields.read("database", word -> database(word, databases));
        var agent = fields.read("agent", word -> word.word("agent", agents));
        var reason = fields.read("reason", Item::prose);
        var by = fields.read("by", Item::text);
        var until = fields.read("until", Item::date);
        if (finding.isEmpty() || reason.isEmpty() || by.isEmpty() || until.isEmpty()) {
            return Optional.empty();
        }
        Position at = item.at();
        return Optional.of(new Profile.Waiver(finding.get(), database, agent, reason.get(), by.get(), until.get(), at));
    }

    /// Without any database every reference to one would dangle: that there is none is reported once,
    /// elsewhere.
    private static Optional<String> database(Item item, Collection<String> databases) {
        return databases.isEmpty() ? item.text() : item.word("database", databases);
    }
}
