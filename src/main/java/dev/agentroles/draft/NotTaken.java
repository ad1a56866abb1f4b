package dev.agentroles.draft;

import dev.agentroles.access.Privilege;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.Holding;
import dev.agentroles.engine.Holdings;
import dev.agentroles.engine.ServerPower;
import dev.agentroles.engine.Survey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What an account can do and no tier gives, in words: one line for what is alike. What everybody can do is left
/// out, as the agent can do it, too.
///
/// @param database the server's name of the database
record NotTaken(Holdings holdings, List<ServerPower> powers, Survey survey, Reach reach, String database) {
    private static final Comparator<ServerPower> NEAREST = Comparator.comparingInt(
                    (ServerPower power) -> power.path().size())
            .thenComparingInt(power -> NotTaken.by(power.path()).length())
            .thenComparing(power -> NotTaken.by(power.path()));

    private static final String EVERYBODY = "PUBLIC";

    List<String> lines() {
        var lines = new ArrayList<>(server());
        // Nobody asks a superuser for privileges.
        if (!Reach.isSuperuser(holdings)) {
            lines.addAll(owned());
            lines.addAll(held());
            lines.addAll(passedOn());
        }
        lines.addAll(reach.lost());
        return List.copyOf(lines);
    }

    private List<String> server() {
        var nearest = new TreeMap<String, ServerPower>();
        powers.forEach(power -> nearest.merge(power.what(), power, BinaryOperator.minBy(NEAREST)));
        return nearest.values().stream()
                .map(power -> power.what() + by(power.path()))
                .toList();
    }

    private static String by(List<String> path) {
        return path.size() == 1 ? "" : " (by " + String.join(" > ", path) + ")";
    }

    private List<String> owned() {
        return owns().isEmpty()
                ? List.of()
                : List.of("owner of " + objects(owns()) + ": alters, drops and gives away what it owns");
    }

    private Set<Securable> owns() {
        return own().filter(holding -> holding.source() == Holding.Source.OWNERSHIP)
                .map(Holding::on)
                .filter(on -> !(on instanceof Securable.Column))
                .collect(Collectors.toSet());
    }

    /// A role that the account would first have to give itself is a line of its own.
    private Stream<Holding> own() {
        return holdings.all().stream()
                .filter(holding -> holding.reach() != Holding.Reach.SELF_GRANT
                        && !holding.path().getLast().equals(EVERYBODY));
    }

    private List<String> held() {
        var left = new HashMap<Securable, Set<Privilege>>();
        var shown = survey.tables().stream().map(Survey.Table::name).collect(Collectors.<Securable>toSet());
        // What a role of the server's own gives on everything is told by that role.
        own().filter(holding -> holding.source() == Holding.Source.GRANT)
                .filter(holding -> !holding.privilege().equals(Privilege.GRANT_OPTION))
                .filter(holding -> !isKept(holding.privilege(), holding.on(), shown))
                .forEach(holding -> left.computeIfAbsent(holding.on(), _ -> EnumSet.noneOf(Privilege.class))
                        .add(holding.privilege()));
        left.keySet().removeAll(owns());
        var schemas = new HashMap<String, Set<Privilege>>();
        left.forEach((on, privileges) -> {
            if (on instanceof Securable.Schema(var name)) {
                schemas.put(name, privileges);
            }
        });
        var alike = new TreeMap<String, Set<Securable>>();
        left.forEach((on, privileges) -> {
            var rest = new TreeSet<>(privileges);
            // What is held on the whole of a schema is told once.
            on.home().ifPresent(home -> rest.removeAll(schemas.getOrDefault(home.name(), Set.of())));
            if (!rest.isEmpty()) {
                alike.computeIfAbsent(Reach.words(rest), _ -> new HashSet<>()).add(on);
            }
        });
        return alike.entrySet().stream()
                .map(entry -> entry.getKey() + " on " + objects(entry.getValue()))
                .toList();
    }

    /// What the tiers give, and what is nothing by itself.
    private boolean isKept(Privilege privilege, Securable on, Set<Securable> shown) {
        return switch (on) {
            case Securable.Relation _, Securable.Column _ -> reach.keeps(privilege, on) || isTold(privilege, on, shown);
            case Securable.Schema(var name) ->
                privilege == Privilege.USAGE
                        || ((privilege == Privilege.SELECT || Reach.WRITES.contains(privilege)) && isKnown(name));
            case Securable.Database(var name) -> privilege == Privilege.CONNECT && name.equals(database);
            case Securable.Sequence sequence -> {
                var table = survey.sequences().get(sequence);
                yield privilege != Privilege.UPDATE
                        && table != null
                        && reach.writes().containsKey(table);
            }
            case Securable.Type _, Securable.Language _ -> true;
            case Securable.Routine _, Securable.LargeObject _, Securable.ForeignDataWrapper _ -> false;
            case Securable.ForeignServer _, Securable.Tablespace _, Securable.Parameter _ -> false;
        };
    }

    /// Whether the schema's tables tell what is held on it. A grant may escape what could be a wildcard; one on a
    /// pattern reaches schemas that are made later, too.
    private boolean isKnown(String schema) {
        var plain = schema.replaceAll("\\\\([_%\\\\])", "$1");
        return survey.tables().stream()
                .map(table -> table.name().schema())
                .anyMatch(known -> known.equals(schema) || known.equals(plain));
    }

    /// Whether [Reach#lost] has it.
    private static boolean isTold(Privilege privilege, Securable on, Set<Securable> shown) {
        var table = on.whole();
        return (privilege == Privilege.SELECT || Reach.WRITES.contains(privilege)) && shown.contains(table);
    }

    private List<String> passedOn() {
        SortedSet<String> names = new TreeSet<>();
        var owned = owns();
        var grantable = own().filter(holding -> holding.grantable() && holding.source() == Holding.Source.GRANT)
                .map(Holding::on)
                .filter(on -> !owned.contains(on))
                .collect(Collectors.toSet());
        grantable.forEach(on -> names.add(on.display()));
        return grantable.isEmpty() ? List.of() : List.of("WITH GRANT OPTION on " + objects(grantable));
    }

    /// Tables first.
    private static String objects(Collection<Securable> objects) {
        Map<Boolean, Set<String>> parts = objects.stream()
                .collect(Collectors.partitioningBy(
                        on -> on instanceof Securable.Relation,
                        Collectors.mapping(Securable::display, Collectors.toSet())));
        return parts.values().stream()
                .filter(names -> !names.isEmpty())
                .map(Listed::of)
                .collect(Collectors.collectingAndThen(
                        Collectors.toList(), lists -> String.join("; ", lists.reversed())));
    }
}
