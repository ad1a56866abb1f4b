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

    /// What is here and not there. An aspect goes with its thing, and a part with its whole; of what is new the
    /// parts are told all the same, and who may use it.
    private static List<String> only(String sign, Map<String, SchemaFact> here, Map<String, SchemaFact> there) {
        var things = here.values().stream()
                .filter(fact -> fact.aspect().isEmpty() && !there.containsKey(fact.key()))
                .toList();
        var names = things.stream().map(SchemaFact::thing).collect(Collectors.toSet());
        if (sign.equals("-")) {
            return things.stream()
                    .filter(fact -> !isOf(fact, names))
                    .sorted(Comparator.comparing(SchemaFact::name))
                    .map(fact -> "- " + fact.thing())
                    .toList();
        }
        return here.values().stream()
                .filter(fact -> names.contains(fact.thing()))
                .filter(fact -> fact.aspect().isEmpty()
                        || (fact.aspect().equals(SchemaFact.RIGHTS)
                                && !fact.shown().isEmpty()))
                .sorted(Comparator.comparing(SchemaFact::name))
                .map(fact -> "+ " + (fact.called() + " " + fact.shown()).strip())
                .toList();
    }

    private static boolean isOf(SchemaFact fact, Set<String> names) {
        return fact.part().filter(names::contains).isPresent();
    }

    private List<String> changed() {
        return after.values().stream()
                .flatMap(fact -> Optional.ofNullable(before.get(fact.key())).flatMap(old -> change(old, fact)).stream())
                .toList();
    }

    private static Optional<String> change(SchemaFact old, SchemaFact now) {
        var what = "~ " + now.called();
        if (!old.shown().equals(now.shown())) {
            return Optional.of(what + " " + orNone(old.shown()) + " -> " + orNone(now.shown()));
        }
        if (old.digest().equals(now.digest())) {
            return Optional.empty();
        }
        return Optional.of(
                now.otherwise().isEmpty() ? what + " is another" : "~ " + now.thing() + " " + now.otherwise());
    }

    private static String orNone(String shown) {
        return shown.isEmpty() ? "none" : shown;
    }
}
