package dev.agentroles.engine.postgres;

import dev.agentroles.access.Privilege;
import dev.agentroles.access.Tier;
import dev.agentroles.engine.Promises;
import dev.agentroles.engine.Promises.Answer;
import dev.agentroles.engine.Promises.Promise;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The promise table of PostgreSQL. The rows of table privileges are computed from what the resolver grants.
final class PostgresPromises {
    private PostgresPromises() {}

    static Promises table(String engine) {
        var granted = Stream.of(
                row("read rows in scope", Privilege.SELECT, "SELECT on tables or columns, held by the tier role"),
                row("insert rows in scope", Privilege.INSERT, "INSERT on tables or columns, held by the tier role"),
                row(
                        "update rows in scope",
                        Privilege.UPDATE,
                        "UPDATE, held by the tier role; of a writer guarded by a trigger"),
                row(
                        "delete rows in scope",
                        Privilege.DELETE,
                        "DELETE, held by the tier role; of a writer guarded by a trigger"),
                new Promise(
                        "change more rows than its limits",
                        answers(tier -> tier == Tier.DDL_DENIED ? Answer.YES : Answer.NO),
                        "of a writer, the trigger counts: what goes past rows in a statement or rows_per_transaction in a"
                                + " transaction fails, and so does a whole table of more than whole_table rows",
                        "the guard's limits compared with the profile"));
        var never = Stream.of(
                never("TRUNCATE", "privilege never granted", "tried as the agent, and read from the catalog"),
                never(
                        "CREATE, ALTER, DROP",
                        "no CREATE on database or schema, owns nothing",
                        "each tried as the agent, refused with 42501"),
                never("GRANT", "no grant option, no admin option", "tried as the agent, and read from the ACLs"),
                never(
                        "temporary objects",
                        "needs harden: [public-temp], else PUBLIC-TEMP is found",
                        "CREATE TEMPORARY TABLE tried as the agent"),
                never("read or write outside the scope", "no USAGE on other schemas, no grants", "catalog and probes"),
                never(
                        "other databases of the server",
                        "needs harden: [public-connect], else PUBLIC-CONNECT is found",
                        "CONNECT read for every database"),
                never(
                        "server files, programs, other sessions",
                        "no predefined roles, built-ins as shipped",
                        "COPY and pg_read_file tried as the agent"),
                never(
                        "become another role",
                        "membership without SET (16+), only the agent role (15)",
                        "SET ROLE tried"),
                never("outlive the lease", "VALID UNTIL on the login", "read from the catalog; new logins refused"));
        return new Promises(engine, Stream.concat(granted, never).toList());
    }

    private static Promise row(String what, Privilege privilege, String enforced) {
        return new Promise(
                what,
                answers(tier -> TierPrivileges.answer(tier, privilege)),
                enforced,
                "EXPLAIN " + privilege.sql() + " as the agent, inside and outside the scope");
    }

    private static Promise never(String what, String enforced, String probed) {
        return new Promise(what, answers(_ -> Answer.NO), enforced, probed);
    }

    private static Map<Tier, Answer> answers(Function<Tier, Answer> answer) {
        return Arrays.stream(Tier.values()).collect(Collectors.toMap(Function.identity(), answer));
    }
}
