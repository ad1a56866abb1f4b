package dev.agentroles.engine;

import dev.agentroles.problem.Printable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What is another in a schema afterwards, a line each: what goes, what becomes another, what is new.
public final class SchemaDifference {
    private final Map<String, SchemaFact> before;
    private final Map<String, SchemaFact> after;

    private SchemaDifference(Collection<SchemaFact> before, Collection<SchemaFact> after) {
        this.before = byKey(before);
        this.after = byKey(after);
    }

    private static Map<String, SchemaFact> byKey(Collection<SchemaFact> facts) {
        return facts.stream()
                .collect(Collectors.toMap(SchemaFact::key, Function.identity(), (one, other) -> other, TreeMap::new));
    }

    /// Each line is printable.
    public static List<String> lines(Collection<SchemaFact> before, Collection<SchemaFact> after) {
        var difference = new SchemaDifference(before, after);
        var lines = new ArrayList<String>();
        lines.addAll(only("-", difference.before, difference.after));
        lines.addAll(difference.changed());
        lines.addAll(only("+", difference.after, difference.before));
        return lines.stream().map(Printable::line).toList();
    }

    /// What is here and not there. An aspect goes with its thing, and a part with its whole: of what is new the
    /// parts are told all the same.
    private static List<String> only(String sign, Map<String, SchemaFact> here, Map<String, SchemaFact> there) {
        var things = here.values().stream()
                .filter(fact -> fact.aspect().isEmpty() && !there.containsKey(fact.key()))
                .toList();
        var gone = things.stream().map(SchemaFact::thing).collect(Collectors.toSet());
        return things.stream()
                .filter(fact -> sign.equals("+") || !isOf(fact, gone))
                .sorted(Comparator.comparing(SchemaFact::name))
                .map(fact -> sign.equals("+") && !fact.shown().isEmpty()
                        ? sign + " " + fact.thing() + " " + fact.shown()
                        : sign + " " + fact.thing())
                .toList();
    }

    private static boolean isOf(SchemaFact fact, Set<String> gone) {
        return fact.part().filter(gone::contains).isPresent();
    }

    private List<String> changed() {
        return after.values().stream()
                .flatMap(fact -> Optional.ofNullable(before.get(fact.key())).flatMap(old -> change(old, fact)).stream())
                .toList();
    }

    private static Optional<String> change(SchemaFact old, SchemaFact now) {
        var what = "~ " + now.thing() + (now.aspect().isEmpty() ? "" : " " + now.aspect());
        if (!old.shown().equals(now.shown())) {
            return Optional.of(what + " " + orNone(old.shown()) + " -> " + orNone(now.shown()));
        }
        if (old.digest().equals(now.digest())) {
            return Optional.empty();
        }
        return Optional.of(what + " " + (now.otherwise().isEmpty() ? "is another" : now.otherwise()));
    }

    private static String orNone(String shown) {
        return shown.isEmpty() ? "none" : shown;
    }
}
