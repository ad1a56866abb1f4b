package dev.agentroles.audit;

import dev.agentroles.access.Privilege;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.Holding;
import dev.agentroles.engine.Holdings;
import dev.agentroles.engine.NamedObject;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Why a role has a privilege: every way that gives it, nearest first.
///
/// @param on what was asked about
/// @param superuser the path to a superuser, if there is one: then nothing is asked for at all
/// @param ways empty: no privilege gives it. What a way is held on can be another object: single columns of the
/// table, a table through which its rows are reached, the schema whose owner may drop what is in it
public record Explanation(Securable on, Optional<List<String>> superuser, List<Holding> ways) {
    public Explanation {
        ways = List.copyOf(ways);
    }

    /// Of an agent: what its role has, and what its logins have beside that.
    public static Explanation of(Holdings role, List<Holdings> logins, Privilege privilege, NamedObject object) {
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
                object.on(),
                all.stream().flatMap(one -> one.superuser().stream()).findFirst(),
                Stream.concat(first.ways().stream(), beside.stream()).toList());
    }

    /// Of one role.
    static Explanation of(Holdings holdings, Privilege privilege, NamedObject object) {
        var direct = holdings.giving(privilege, object.on());
        var ways = Stream.of(
                        direct.stream(),
                        owning(holdings, privilege, object.on()),
                        direct.isEmpty() ? columns(holdings, privilege, object.on()) : Stream.<Holding>of(),
                        object.parents().stream()
                                .filter(parent -> passesDown(privilege, parent))
                                .flatMap(parent -> through(holdings, privilege, object.on(), parent.table())))
                .flatMap(found -> found)
                .distinct()
                .toList();
        return new Explanation(object.on(), holdings.superuser(), ways);
    }

    public boolean given() {
        return superuser.isPresent() || !ways.isEmpty();
    }

    /// The privilege that a word names: `select`, `alter system`.
    public static Optional<Privilege> privilege(String word) {
        return Privilege.of(word.strip().toUpperCase(Locale.ROOT));
    }

    /// What only an owner may, where no privilege gives it: ALTER and DROP, and DROP the schema's owner, too.
    private static Stream<Holding> owning(Holdings holdings, Privilege privilege, Securable on) {
        var object = on.whole();
        return switch (privilege) {
            case ALTER -> owned(holdings, privilege, object);
            case DROP ->
                Stream.concat(
                        owned(holdings, privilege, object),
                        on instanceof Securable.Column
                                ? Stream.of()
                                : on.home().stream().flatMap(schema -> owned(holdings, privilege, schema)));
            default -> Stream.of();
        };
    }

    private static Stream<Holding> owned(Holdings holdings, Privilege privilege, Securable object) {
        return holdings.all().stream()
                .filter(holding -> holding.source() == Holding.Source.OWNERSHIP
                        && holding.on().equals(object))
                .map(holding ->
                        new Holding(privilege, object, false, holding.source(), holding.reach(), holding.path()))
                .distinct();
    }

    private static Stream<Holding> columns(Holdings holdings, Privilege privilege, Securable table) {
        return holdings.all().stream()
                .filter(holding -> holding.privilege() == privilege
                        && holding.on() instanceof Securable.Column column
                        && column.owner().equals(table))
                .sorted(Comparator.comparing(Holding::reach)
                        .thenComparing(Holding::pathText)
                        .thenComparing(holding -> holding.on().display()));
    }

    /// A parent's privilege is asked for, and no child's. TRUNCATE goes down to all children, INSERT to
    /// partitions.
    private static boolean passesDown(Privilege privilege, NamedObject.Parent parent) {
        return switch (privilege) {
            case SELECT, UPDATE, DELETE, TRUNCATE -> true;
            case INSERT -> parent.partition();
            default -> false;
        };
    }

    private static Stream<Holding> through(
            Holdings holdings, Privilege privilege, Securable on, Securable.Relation parent) {
        if (on instanceof Securable.Column column) {
            return holdings.giving(privilege, parent.column(column.name())).stream();
        }
        var whole = holdings.giving(privilege, parent);
        return whole.isEmpty() ? columns(holdings, privilege, parent) : whole.stream();
    }

    /// Whether the object as a whole is not what any of the ways gives.
    public boolean onlyColumns() {
        return superuser.isEmpty()
                && !(on instanceof Securable.Column)
                && ways.stream().allMatch(way -> way.on() instanceof Securable.Column);
    }
}
