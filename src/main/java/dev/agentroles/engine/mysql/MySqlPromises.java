package dev.agentroles.engine.mysql;

import dev.agentroles.access.Privilege;
import dev.agentroles.access.Tier;
import dev.agentroles.engine.Promises;
import dev.agentroles.engine.Promises.Answer;
import dev.agentroles.engine.Promises.Promise;
import dev.agentroles.profile.EngineTerms;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The promise table of the family. The rows of table privileges are computed from what the resolver grants.
final class MySqlPromises {
    private MySqlPromises() {}

    static Promises table(Dialect dialect, EngineTerms terms) {
        var granted = Stream.of(
                row(terms, "read rows in scope", Privilege.SELECT),
                row(terms, "insert rows in scope", Privilege.INSERT),
                guarded(terms, "update rows in scope", Privilege.UPDATE),
                guarded(terms, "delete rows in scope", Privilege.DELETE),
                new Promise(
                        "change more rows than its limits",
                        answers(tier -> tier == Tier.DDL_DENIED ? Answer.YES : Answer.NO),
                        "of a writer, the guarded view counts: a statement past rows fails whole, and so does one that takes"
                                + " its session past rows_per_transaction in a minute; a new session begins anew",
                        "the guard's limits compared with the profile"));
        var never = Stream.of(
                never(terms, "TRUNCATE", "DROP is never granted", "tried as the agent, refused with 1142"),
                never(
                        terms,
                        "CREATE, ALTER, DROP",
                        "no privilege beyond those on rows is granted, on no level",
                        "each tried as the agent on what does not exist, refused with 1142"),
                never(
                        terms,
                        "GRANT",
                        "no GRANT OPTION, no admin option",
                        "a REVOKE that takes nothing tried as the agent; read from the grant tables"),
                never(
                        terms,
                        "temporary objects",
                        "CREATE TEMPORARY TABLES is never granted",
                        "CREATE TEMPORARY TABLE tried as the agent"),
                never(
                        terms,
                        "read or write outside the scope",
                        "table by table, never by a pattern",
                        "catalog and probes, with the role and with none"),
                never(
                        terms,
                        "server files, programs, other sessions",
                        "no global privilege is granted",
                        "LOAD DATA INFILE and SELECT ... INTO OUTFILE tried as the agent"),
                never(
                        terms,
                        "become another account",
                        "no PROXY; one role, which is the agent's",
                        "everything denied is tried in each role"),
                never(
                        terms,
                        "log in after the lease",
                        "with expiry_event: true, an event of the server locks the account at most five seconds late; without"
                                + " it nothing does before reap, so run reap as often as a lease may be late",
                        "the event compared with the one that apply made, accounts with the ledger"),
                never(
                        terms,
                        "go on in an open session after the lease",
                        "with expiry_event: true, the same event kills its sessions; reap does so and drops the account; a writer"
                                + " is refused by the guard from the end on, whether or not anything runs",
                        "sessions counted before the account goes"),
                new Promise(
                        "leave a transaction behind that another login commits later (XA PREPARE)",
                        answers(tier -> terms.tiers().contains(tier) ? Answer.YES : Answer.UNAVAILABLE),
                        dialect.engine().equals("mysql")
                                ? "the guard refuses changes in an XA transaction, from 8.0.16; locks can be kept so"
                                : "nothing: the server asks for no right, and a guard cannot see it",
                        "status, verify, revoke, freeze and a reap that ends a lease name what XA RECOVER lists, with the"
                                + " XA ROLLBACK"));
        return new Promises(dialect.engine(), Stream.concat(granted, never).toList());
    }

    private static Promise row(EngineTerms terms, String what, Privilege privilege) {
        return new Promise(
                what,
                answers(tier -> TierPrivileges.answer(tier, privilege, terms.tiers())),
                privilege.sql() + " on tables or columns, held by the tier role",
                privilege.sql() + " as the agent, inside and outside the scope");
    }

    private static Promise guarded(EngineTerms terms, String what, Privilege privilege) {
        return new Promise(
                what,
                answers(tier -> TierPrivileges.answer(tier, privilege, terms.tiers())),
                privilege.sql()
                        + " on tables or columns, held by the tier role; of a writer only on a guarded view of the table,"
                        + " in a database of views",
                privilege.sql() + " as the agent, inside and outside the scope");
    }

    private static Promise never(EngineTerms terms, String what, String enforced, String probed) {
        return new Promise(
                what, answers(tier -> terms.tiers().contains(tier) ? Answer.NO : Answer.UNAVAILABLE), enforced, probed);
    }

    private static Map<Tier, Answer> answers(Function<Tier, Answer> answer) {
        return Arrays.stream(Tier.values()).collect(Collectors.toMap(Function.identity(), answer));
    }
}
