package dev.agentroles.engine.mysql;

import dev.agentroles.access.Securable;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The grant tables of a server as they stand: who holds what on what, and who acts as whom. Nothing here is
/// ours alone; what an agent can do is computed from all of it by [EffectivePrivileges].
///
/// @param patterns whether the name of a schema in a grant is a pattern: not with `partial_revokes`
/// @param accounts all of them, roles among them
/// @param held by grantee; what an account without a name holds counts for everybody
/// @param mandatory roles that everybody has, those that there are
/// @param activatesAll whether all roles of a login act from the beginning
/// @param relations that the administrator is shown
/// @param routines that the administrator is shown
/// @param loadable functions of libraries, which every login may call
record GrantTables(
        boolean mariadb,
        boolean patterns,
        Map<Account, State> accounts,
        Map<Account, List<Held>> held,
        List<Edge> edges,
        List<Proxy> proxies,
        List<Account> mandatory,
        boolean activatesAll,
        List<Relation> relations,
        Map<Securable.Routine, Code> routines,
        List<Loadable> loadable) {
    GrantTables {
        accounts = Map.copyOf(accounts);
        held = Map.copyOf(held);
        edges = List.copyOf(edges);
        proxies = List.copyOf(proxies);
        mandatory = List.copyOf(mandatory);
        relations = List.copyOf(relations);
        routines = Map.copyOf(routines);
        loadable = List.copyOf(loadable);
    }

    /// MySQL calls a role as it calls any account; a role of MariaDB has no host.
    record Account(String user, String host) {
        /// MariaDB's name for everybody.
        static final Account PUBLIC = new Account("PUBLIC", "");

        /// As the catalogs write a definer: `user@host`.
        static Account of(String definer) {
            int at = definer.lastIndexOf('@');
            return at < 0 ? new Account(definer, "") : new Account(definer.substring(0, at), definer.substring(at + 1));
        }

        boolean anonymous() {
            return user.isEmpty();
        }

        /// For people: a role of ours by its name alone.
        String display() {
            return anonymous() ? "''@'" + host + "'" : host.isEmpty() || host.equals("%") ? user : user + "@" + host;
        }
    }

    /// @param connections at most at once; 0: any number
    /// @param authentication equal for two accounts only if the same password opens both
    /// @param ways in beside one password of the usual kind, for people; "" if there is none
    record State(boolean locked, int connections, String authentication, String ways) {}

    /// Privileges that a relation does not know.
    static final Set<String> ON_ROUTINES = Set.of("EXECUTE", "ALTER ROUTINE");

    /// What one account holds on one object.
    ///
    /// @param on empty: everything, `*.*`; a schema's name is a pattern
    /// @param words as GRANT writes them; the right to pass on is one of them
    /// @param holes schemas, with the words that are not held there although they are on everything
    record Held(Optional<Securable> on, Set<String> words, Map<String, Set<String>> holes) {
        Held {
            words = Set.copyOf(words);
            holes = Map.copyOf(holes);
        }

        boolean reaches(String word, String schema) {
            return words.contains(word) && !holes.getOrDefault(schema, Set.of()).contains(word);
        }
    }

    /// @param acts as soon as the member logs in, without being asked for
    record Edge(Account role, Account member, boolean acts, boolean admin) {}

    /// @param as whom it may act
    record Proxy(Account account, Account as) {}

    /// @param engine "" for a view
    /// @param view empty for a table
    record Relation(Securable.Relation name, String engine, Optional<View> view) {}

    /// @param library the file in the server's folder of plugins
    record Loadable(String name, String library) {}

    /// Whose rights a view or a routine has.
    record Code(String definer, boolean runsAsDefiner) {}

    /// @param text "" if the server does not show it
    record View(Code code, String text) {}

    /// @param text what it does, and when
    record Trigger(Securable.Relation on, String name, String definer, String text) {}

    List<Held> held(Account account) {
        return held.getOrDefault(account, List.of());
    }

    /// Whether a privilege on the database that is called like this is one on that schema.
    boolean fits(String database, String schema) {
        return patterns ? Like.matches(database, schema) : database.equals(schema);
    }

    /// The relations and columns, or the routines, on which a word of what is held acts; the schema itself is
    /// one of them.
    Stream<Securable> covered(Held held, String word) {
        return switch (held.on().orElse(null)) {
            case null -> objects(word, schema -> held.reaches(word, schema));
            case Securable.Schema schema ->
                Stream.concat(Stream.of(schema), objects(word, name -> fits(schema.name(), name)));
            case Securable one -> Stream.of(one);
        };
    }

    /// Whatever is held on: the objects in them with databases that a pattern fits, and everything with
    /// everything.
    Stream<Securable> objects(Held held) {
        var covered = held.words().stream().flatMap(word -> covered(held, word));
        return held.on().isPresent() && !(held.on().get() instanceof Securable.Schema)
                ? covered
                : Stream.concat(
                        covered.flatMap(on -> Stream.concat(Stream.of(on), on.home().stream())),
                        held.on().isEmpty() ? Stream.of(ProbeList.SERVER, ProbeList.MYSQL) : Stream.of());
    }

    private Stream<Securable> objects(String word, Predicate<String> schema) {
        return ON_ROUTINES.contains(word)
                ? routines.keySet().stream()
                        .filter(routine -> schema.test(routine.schema()))
                        .map(routine -> routine)
                : relations.stream()
                        .map(Relation::name)
                        .filter(relation -> schema.test(relation.schema()))
                        .map(relation -> relation);
    }

    /// Of the routines that what is held opens those that run with their definer's rights, or could be made
    /// to, or of which nothing is shown.
    List<Securable.Routine> definerRoutines(Held held) {
        return ON_ROUTINES.stream()
                .filter(held.words()::contains)
                .flatMap(word -> covered(held, word).<Securable.Routine>mapMulti((on, routines) -> {
                    if (on instanceof Securable.Routine routine && (alters(word) || runsAsDefiner(routine))) {
                        routines.accept(routine);
                    }
                }))
                .distinct()
                .sorted(Comparator.comparing(Securable.Routine::schema).thenComparing(Securable.Routine::name))
                .toList();
    }

    /// ALTER ... SQL SECURITY DEFINER.
    private static boolean alters(String word) {
        return word.equals("ALTER ROUTINE");
    }

    private boolean runsAsDefiner(Securable.Routine routine) {
        var code = routines.get(routine);
        return code == null || code.runsAsDefiner();
    }

    /// As GRANT and REVOKE name it.
    String sql(Account account) {
        if (mariadb && account.equals(Account.PUBLIC)) {
            return "PUBLIC";
        }
        return mariadb && account.host().isEmpty() && !account.anonymous()
                ? Sql.identifier(account.user())
                : Sql.literal(account.user()) + "@" + Sql.literal(account.host());
    }
}
