package dev.agentroles.audit;

import dev.agentroles.access.Privilege;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.Holding;
import dev.agentroles.engine.Holdings;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Why a role has a privilege: every way that gives it, nearest first.
///
/// @param superuser the path to a superuser, if there is one: then nothing is asked for at all
/// @param ways empty: no privilege gives it
public record Explanation(Optional<List<String>> superuser, List<Holding> ways) {
    public Explanation {
        ways = List.copyOf(ways);
    }

    /// Of an agent: what its role has, and what its logins have beside that.
    ///
    /// @param object as people write it: `app.orders`, `app.orders.card_number`, `schema app`, `database shop`
    public static Explanation of(Holdings role, List<Holdings> logins, Privilege privilege, String object) {
        var name = role.subject().value();
        var all = Stream.concat(Stream.of(role), logins.stream())
                .map(holdings -> of(holdings, privilege, object))
                .toList();
        var first = all.getFirst();
        var beside = all.stream()
                .skip(1)
                .flatMap(one -> one.ways().stream())
                .filter(way ->
                        !way.path().contains(name) && !way.path().getLast().equals("PUBLIC"))
                .toList();
        return new Explanation(
                all.stream().flatMap(one -> one.superuser().stream()).findFirst(),
                Stream.concat(first.ways().stream(), beside.stream()).toList());
    }

    /// Of one role.
    static Explanation of(Holdings holdings, Privilege privilege, String object) {
        var ways = named(holdings, object)
                .flatMap(securable -> holdings.giving(privilege, securable).stream())
                .distinct()
                .toList();
        return new Explanation(holdings.superuser(), ways);
    }

    public boolean given() {
        return superuser.isPresent() || !ways.isEmpty();
    }

    /// The privilege that a word names: `select`, `alter system`.
    public static Optional<Privilege> privilege(String word) {
        var wanted = word.strip().toUpperCase(Locale.ROOT);
        return Stream.of(Privilege.values())
                .filter(privilege -> privilege.sql().equals(wanted))
                .findFirst();
    }

    /// Whether the role has anything on what is called so.
    public static boolean names(Holdings holdings, String object) {
        return named(holdings, object).findAny().isPresent();
    }

    private static Stream<Securable> named(Holdings holdings, String object) {
        var held = holdings.all().stream().map(Holding::on).distinct().filter(securable -> {
            var display = securable.display();
            return display.equals(object) || display.endsWith(" " + object);
        });
        // A column has the privileges of its table, and the table's name is a part of its own.
        var columns = holdings.all().stream()
                .map(Holding::on)
                .distinct()
                .filter(Securable.Relation.class::isInstance)
                .map(Securable.Relation.class::cast)
                .filter(relation -> object.startsWith(relation.display() + "."))
                .map(relation -> (Securable)
                        relation.column(object.substring(relation.display().length() + 1)));
        return Stream.concat(held, columns).distinct();
    }
}
