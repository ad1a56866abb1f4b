package dev.agentroles.engine;

import dev.agentroles.access.Finding;
import dev.agentroles.access.Severity;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Everything that a verification can find, by its stable code. `explain CODE` prints an entry,
/// `docs/findings.md` is all of them.
///
/// The ids of a rule's paths are those of the catalogue in `docs/limits.md`: R attributes and memberships, M
/// chains of membership, P predefined roles, O ownership, G grants, S code that runs as somebody else, C
/// settings and connections; A all of these on MySQL and MariaDB.
public enum Rule {
    // --- What a role is, and whom it belongs to ---

    SUPERUSER(
            Severity.CRITICAL,
            "The agent is a superuser or can become one: no privilege is asked for any more.",
            "Take the attribute away, or the membership that leads to it.",
            List.of("R1", "R2", "M6", "A1", "A20", "A26"),
            List.of("CIS 4.3", "STIG CD16-00-000900")),
    CREATEROLE(
            Severity.CRITICAL,
            "The agent can make roles, and on PostgreSQL 15 give itself nearly every other role.",
            "Take the attribute away, or the membership that leads to it.",
            List.of("R2", "R3", "A1", "A13"),
            List.of("CIS 4.3", "STIG CD16-00-002200")),
    REPLICATION(
            Severity.CRITICAL,
            "The agent can copy the whole server, and read every change of every table.",
            "Take the attribute away, or the membership that leads to it.",
            List.of("R2", "R5", "A1"),
            List.of("CIS 7.1", "STIG CD16-00-000900")),
    BYPASSRLS(
            Severity.HIGH,
            "Row security does not hold for the agent.",
            "Take the attribute away, or the membership that leads to it.",
            List.of("R2", "R6", "S9"),
            List.of("CIS 4.7", "STIG CD16-00-000900")),
    CREATEDB(
            Severity.MEDIUM,
            "The agent can make databases of its own, and copy template databases without a right to connect to them.",
            "Take the attribute away, or the membership that leads to it.",
            List.of("R2", "R4"),
            List.of("CIS 4.3", "STIG CD16-00-001300")),
    MEMBERSHIP(
            Severity.HIGH,
            "The agent belongs to a role that its profile does not name, or can make itself a member, and has all that"
                    + " this role holds and owns.",
            "Revoke the membership that the finding names.",
            List.of("M1", "M2", "M3", "M4", "M5", "M7", "A9", "A12", "A13", "A14"),
            List.of("CIS 4.3", "STIG CD16-00-002200")),
    PREDEFINED_ROLE(
            Severity.HIGH,
            "The agent belongs to a role that the server or its vendor defines; such roles act on every object, or on the"
                    + " server itself, without an entry in any access list.",
            "Revoke the membership that the finding names.",
            List.of("P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9", "P10", "P11", "P12", "P13", "P14", "M8"),
            List.of("CIS 4.3", "CIS 4.9", "STIG CD16-00-009100")),
    MEMBERSHIP_ADMIN(
            Severity.HIGH,
            "The agent can enrol others in a role of its own, or itself with more options.",
            "Revoke the ADMIN option.",
            List.of("M5", "A13"),
            List.of("CIS 4.3", "STIG CD16-00-002200")),
    MEMBERSHIP_SETTABLE(
            Severity.LOW,
            "The agent can become a role that it should only inherit from, and would have that role's attributes.",
            "Revoke the SET option.",
            List.of("R2", "M3"),
            List.of("CIS 4.3")),
    MEMBERSHIP_MISSING(
            Severity.MEDIUM,
            "The agent does not have what its role should give it: the membership is missing or is not inherited.",
            "Run agentroles apply FILE.",
            List.of("R7", "M3", "A12"),
            List.of()),
    ROLE_MISSING(
            Severity.MEDIUM,
            "A role of the profile is not on the server, and what should come with it is not there either.",
            "Run agentroles apply FILE, which makes the role anew with all that belongs to it.",
            List.of(),
            List.of()),
    // --- How a role or a login can be entered ---

    GROUP_LOGIN(
            Severity.MEDIUM,
            "A role that only holds grants can log in: a second way in, without the limits of a lease.",
            "Alter the role to NOLOGIN.",
            List.of("R8", "A24"),
            List.of("CIS 4.4")),
    IMPERSONATOR(
            Severity.MEDIUM,
            "Somebody who is no lease of the agent belongs to its role and can act as the agent.",
            "Revoke the membership.",
            List.of("C9", "A9"),
            List.of("CIS 4.3")),
    LEASE_DRIFT(
            Severity.LOW,
            "A login's bounds at the server are not those that it was issued with: expiry, connection limit, LOGIN.",
            "Rotate the agent, or alter the login back.",
            List.of("R7", "R9", "A11", "A24"),
            List.of("CIS 5.5", "STIG CD16-00-001200")),
    LEASE_EXTENDED(
            Severity.HIGH,
            "A login stays open at the server beyond the end of its lease, or for ever.",
            "Alter the login back and find out who altered it, or rotate the agent and reap.",
            List.of("R9"),
            List.of("CIS 5.5", "STIG CD16-00-001200")),
    LEASE_UNKNOWN(
            Severity.HIGH,
            "A login carries the mark of a lease, and the ledger knows no such lease: somebody made it by hand, or the"
                    + " ledger was set back. Nobody rotates it, and what it can do was not examined.",
            "Find out who made it; agentroles reap FILE drops it, and where agents read it, after agentroles rotate FILE has"
                    + " published another.",
            List.of("C9", "A9"),
            List.of("CIS 4.3")),
    SECOND_PASSWORD(
            Severity.HIGH,
            "A login can be entered by something beside the password of its lease: a second password, another method, or"
                    + " none at all.",
            "Discard the second password, or lock the account, and rotate the agent.",
            List.of("A24"),
            List.of("CIS MySQL 7.3")),
    OPEN_LOGIN(
            Severity.HIGH,
            "The server lets somebody in without any secret (trust in pg_hba.conf): whoever comes that way, an agent with"
                    + " them, becomes any role that the line names. INFO where only the database host itself can come that"
                    + " way.",
            "Let the line ask for scram-sha-256, or name in it who else may come from where.",
            List.of("C3"),
            List.of("CIS 5.3", "CIS 5.4", "STIG CD16-00-000900")),
    ACCOUNT_SHADOW(
            Severity.HIGH,
            "An account with a more specific host takes the agent's logins over: somebody else's power, password or both"
                    + " for whoever comes from there.",
            "Drop that account.",
            List.of("A10", "A11"),
            List.of("CIS MySQL 7.7")),
    // --- What is owned and granted ---

    OWNERSHIP(
            Severity.HIGH,
            "The agent owns something. An owner can alter and drop it and grant itself everything on it; none of that"
                    + " can be revoked.",
            "Give it to another owner.",
            List.of("O1", "O2", "O3", "O4", "O5", "O6", "O7", "M8"),
            List.of("STIG CD16-00-003100")),
    GRANT_EXCESS(
            Severity.HIGH,
            "A role of the agent holds a privilege that the profile does not give.",
            "Run agentroles apply FILE, or revoke it.",
            List.of(
                    "G1", "G2", "G3", "G4", "G5", "G7", "G9", "G10", "G11", "G12", "G14", "G16", "C7", "S5", "A1", "A2",
                    "A3", "A4", "A5", "A6", "A7", "A21", "A23", "A28"),
            List.of("CIS 4.6", "STIG CD16-00-000900")),
    GRANT_OPTION(
            Severity.HIGH,
            "The agent may pass a privilege on to others.",
            "Revoke the grant option.",
            List.of("G6", "A8"),
            List.of("CIS 4.6", "STIG CD16-00-002200")),
    GRANT_MISSING(
            Severity.MEDIUM,
            "The profile gives a privilege that the agent does not have: somebody revoked it, or the table was made again.",
            "Run agentroles apply FILE.",
            List.of(),
            List.of()),
    SCHEMA_CREATE(
            Severity.HIGH,
            "The agent can create objects in a schema, and so put its code where others find it.",
            "Revoke CREATE.",
            List.of("G8", "G13", "S3", "A2", "A18", "A23"),
            List.of("STIG CD16-00-001300", "STIG CD16-00-008400")),
    CATALOG_GRANT(
            Severity.CRITICAL,
            "A privilege on the server's own catalog or database that it does not ship. A column privilege is enough: on"
                    + " PostgreSQL UPDATE of pg_authid.rolsuper makes a superuser.",
            "Revoke it.",
            List.of("G5", "G23", "G26", "A3", "A22", "A26"),
            List.of("CIS 4.6", "STIG CD16-00-011700")),
    BUILTIN_OPENED(
            Severity.CRITICAL,
            "A built-in function that PostgreSQL ships closed, or that was closed here, can be executed: files of the"
                    + " server, its log, its write-ahead log.",
            "Revoke EXECUTE.",
            List.of("S14", "G14", "P7"),
            List.of("CIS 4.5", "STIG CD16-00-011700")),
    PUBLIC_GRANT(
            Severity.HIGH,
            "Everybody has a privilege on a table, column or sequence, and so has the agent.",
            "Revoke it from PUBLIC and grant it to those who need it.",
            List.of("G1", "G5", "G7", "C10", "A4", "A10", "A15"),
            List.of("CIS 4.6", "STIG CD16-00-000900")),
    PUBLIC_USAGE(
            Severity.LOW,
            "Everybody may use a schema that is out of the agent's scope: whatever PUBLIC holds in it is open.",
            "Revoke USAGE from PUBLIC and grant it to those who need it.",
            List.of("G9"),
            List.of("CIS 4.6")),
    PUBLIC_CREATE(
            Severity.HIGH,
            "Everybody may create objects in a schema or schemas in the database, and so may the agent.",
            "On PostgreSQL add public-create to the database's harden: plan then shows who keeps it, and the statements"
                    + " grant it to those first. Elsewhere revoke CREATE from PUBLIC.",
            List.of("G8", "G10", "C2", "A10", "A15"),
            List.of("CIS 4.10 before 17", "STIG CD16-00-001300")),
    PUBLIC_TEMP(
            Severity.MEDIUM,
            "Everybody may create temporary objects, functions among them: PostgreSQL's default.",
            "Add public-temp to the database's harden: plan then shows who keeps it. The statements grant it to those"
                    + " first.",
            List.of("G11"),
            List.of("STIG CD16-00-008400")),
    PUBLIC_CONNECT(
            Severity.MEDIUM,
            "Everybody may connect to another database of the server: PostgreSQL's default for every new one.",
            "Add public-connect to the database's harden: plan then shows who keeps it. The statements grant it to those"
                    + " first.",
            List.of("G12", "G13"),
            List.of("STIG CD16-00-000900")),
    PUBLIC_EXECUTE(
            Severity.HIGH,
            "Everybody may execute a routine that runs with its owner's rights: PostgreSQL's default for every new one.",
            "On PostgreSQL add public-execute to the database's harden: plan then shows who keeps it, and the statements"
                    + " grant it to those first. Elsewhere, and in a schema that no scope names, revoke EXECUTE from PUBLIC.",
            List.of("G14", "S1", "S2", "S3", "A15", "A17"),
            List.of("CIS 4.5", "STIG CD16-00-011700")),
    PUBLIC_ROUTINE(
            Severity.INFO,
            "Everybody may execute routines of a schema that the agent can use; they run with the agent's own rights.",
            "Nothing must be done.",
            List.of("G14", "A15"),
            List.of("CIS 4.5")),
    PUBLIC_LARGE_OBJECTS(
            Severity.MEDIUM,
            "Everybody may create large objects: a reader stores data. PostgreSQL's default.",
            "Add public-large-objects to the database's harden: plan then shows who keeps it. The statements grant it to"
                    + " those first.",
            List.of("S14", "G22"),
            List.of("CIS 4.5")),
    PUBLIC_LANGUAGES(
            Severity.INFO,
            "Everybody may write code in a trusted language. Without TEMP and CREATE that is DO blocks, which can do no"
                    + " more than the agent's own statements; with one of them (then LOW) functions can stay.",
            "Add public-languages to the database's harden if DO blocks shall be refused, too: plan then shows who keeps"
                    + " it. The statements grant it to those first.",
            List.of("G15"),
            List.of("STIG CD16-00-008400")),
    LANGUAGE_OPENED(
            Severity.CRITICAL,
            "A language that reaches the operating system is marked as trusted, so that the agent may write code in it.",
            "Set pg_language.lanpltrusted back to false.",
            List.of("G15", "S12"),
            List.of("CIS 4.5", "STIG CD16-00-009100")),
    LARGE_OBJECT(
            Severity.MEDIUM,
            "The agent may read or change a large object.",
            "Revoke it.",
            List.of("G22"),
            List.of("CIS 4.6")),
    FOREIGN_DATA_WRAPPER(
            Severity.HIGH,
            "The agent can define foreign servers: connections from the database host to anywhere.",
            "Revoke USAGE on the wrapper.",
            List.of("G17", "S10"),
            List.of("STIG CD16-00-009100")),
    FOREIGN_SERVER(
            Severity.HIGH,
            "The agent can use a foreign server: a second identity, and the passwords stored for it.",
            "Revoke USAGE on the server.",
            List.of("G18", "S10"),
            List.of("STIG CD16-00-009100")),
    TABLESPACE(
            Severity.LOW,
            "The agent can place data in a tablespace.",
            "Revoke CREATE.",
            List.of("G19"),
            List.of("CIS 1.6")),
    PARAMETER_SET(
            Severity.HIGH,
            "The agent can set a parameter that only superusers may set: triggers off, logging off, code loaded.",
            "Revoke SET on the parameter.",
            List.of("G20"),
            List.of("CIS 6.5", "STIG CD16-00-009600")),
    PARAMETER_ALTER_SYSTEM(
            Severity.CRITICAL,
            "The agent can change the server's configuration file: commands that the server runs.",
            "Revoke ALTER SYSTEM on the parameter.",
            List.of("G21"),
            List.of("CIS 6.2", "STIG CD16-00-009600")),
    OTHER_DATABASE(
            Severity.HIGH,
            "The agent holds a privilege on, or something in, another database of the server.",
            "Revoke it there.",
            List.of("G12", "O7"),
            List.of("STIG CD16-00-000900")),
    ENVIRONMENT_SHARED(
            Severity.HIGH,
            "One role of a server, or one password, serves two environments: whoever has it in the one has it in the"
                    + " other. Looked for by verify --against.",
            "Give each environment administrators, agents and passwords of its own, best a server of its own.",
            List.of(),
            List.of("STIG CD16-00-000900")),
    LATENT_GRANT(
            Severity.INFO,
            "A privilege that the agent cannot use today, because a schema or a database on the way is closed to it.",
            "Revoke it before somebody opens the way.",
            List.of("G9"),
            List.of("CIS 4.6")),
    DEFAULT_PRIVILEGES(
            Severity.HIGH,
            "What somebody creates tomorrow will be open to the agent, or to everybody.",
            "Revoke the default privilege.",
            List.of("G24"),
            List.of("CIS 4.6", "STIG CD16-00-002200")),
    // --- What acts with somebody else's rights ---

    DEFINER_ROUTINE(
            Severity.HIGH,
            "The agent may execute a routine that runs with its owner's rights and that the profile does not name."
                    + " CRITICAL if the owner is a superuser or bypasses row security.",
            "Revoke EXECUTE, or make it SECURITY INVOKER.",
            List.of("S1", "S2", "S3", "A7", "A17"),
            List.of("CIS 4.5", "STIG CD16-00-003600")),
    DEFINER_UNPINNED(
            Severity.MEDIUM,
            "A routine that runs with its owner's rights, and that the agent may call, does not fix its search_path:"
                    + " whoever can create an object can slip it in.",
            "Set search_path on the routine, with pg_temp last.",
            List.of("S3"),
            List.of("CIS 4.5", "STIG CD16-00-003600")),
    UNTRUSTED_ROUTINE(
            Severity.HIGH,
            "The agent may execute a routine in a language that reaches the operating system.",
            "Revoke EXECUTE.",
            List.of("S12"),
            List.of("CIS 4.5", "STIG CD16-00-009100")),
    LOADABLE_FUNCTION(
            Severity.HIGH,
            "A function was loaded from a library (CREATE FUNCTION ... SONAME): native code in the server's process. MySQL"
                    + " and MariaDB ask no login for a right to call it, and what it may do no grant says: some run"
                    + " programs, read files or reach other servers.",
            "Drop the function. A waiver accepts one that does nothing an agent should not.",
            List.of("A30"),
            List.of("CIS MySQL 5.10", "STIG CD16-00-009100")),
    EXTENSION_ROUTINE(
            Severity.HIGH,
            "The agent may execute routines of an extension that reaches other servers, files or a job scheduler.",
            "Revoke EXECUTE on the extension's routines, or USAGE on its schema.",
            List.of("S10", "S13"),
            List.of("CIS 1.5", "STIG CD16-00-009100")),
    DEFINER_VIEW(
            Severity.HIGH,
            "The agent reads a view with the rights of the view's owner, and the view reads what the agent may not.",
            "Make the view security_invoker, bring what it reads into the scope, or take the view out of it.",
            List.of("S4", "S6", "S7", "A16"),
            List.of("CIS 4.7", "STIG CD16-00-003600")),
    REWRITE_RULE(
            Severity.HIGH,
            "What the agent writes sets off a rule, whose statements read and change whatever the owner of the table may,"
                    + " and can hand it to the agent.",
            "Disable or drop the rule; a trigger does the same with the rights of whoever writes. A disabled rule is a"
                    + " changed definition: verify --accept-definitions accepts it.",
            List.of("S5", "S8"),
            List.of("STIG CD16-00-003600")),
    DEFINER_TRIGGER(
            Severity.INFO,
            "What the agent writes fires a trigger that acts with the rights of its definer. verify remembers the text that"
                    + " apply found, and reports a change.",
            "Nothing must be done if that is meant.",
            List.of("A18"),
            List.of("CIS MySQL 5.10")),
    DEFINER_GONE(
            Severity.MEDIUM,
            "Something that acts for the agent has the rights of an account that does not exist: it fails, until somebody"
                    + " makes that account and has the code in hand.",
            "Make the account, locked, or give the object another definer.",
            List.of("A19"),
            List.of("CIS MySQL 5.12")),
    TABLE_ELSEWHERE(
            Severity.MEDIUM,
            "A table that the agent may use keeps its rows in other tables, in files or on another server, and is not asked"
                    + " for a right there.",
            "Take the table out of the scope, or bring what it reads into it.",
            List.of("A27"),
            List.of("STIG CD16-00-009100")),
    COLUMN_SHOWN(
            Severity.HIGH,
            "A column that the profile excludes is shown to the agent all the same: on MariaDB by HANDLER, which reads whole"
                    + " rows for whoever may read one column of a table; on MySQL by a histogram, which"
                    + " information_schema shows to whoever may read one column, and which whoever may also insert"
                    + " into one makes with ANALYZE TABLE.",
            "Include a view of the other columns in the table's place. On MySQL it is enough to drop the histogram, and to use"
                    + " tier writer in the place of ddl-denied.",
            List.of("A6"),
            List.of("STIG CD16-00-000900")),
    INHERITANCE_CHILD(
            Severity.HIGH,
            "The agent reads a partition, or a table that inherits, through its parent, although it may not read that table"
                    + " itself or the profile excludes it.",
            "Bring the child into the scope, or take the parent out of it. Detaching the child changes the application's"
                    + " table.",
            List.of("S6"),
            List.of("STIG CD16-00-000900")),
    COMPUTED_COLUMN(
            Severity.HIGH,
            "The agent reads a column that is computed from one that the profile excludes, as a generated column is.",
            "Exclude that column, too.",
            List.of("S15", "A29"),
            List.of("STIG CD16-00-000900")),
    SERVER_FILE_TABLE(
            Severity.CRITICAL,
            "A foreign table that the agent may read is a file or a program's output on the database host.",
            "Revoke it, or drop the table.",
            List.of("S11"),
            List.of("STIG CD16-00-009100")),
    // --- Row security ---

    RLS_OFF(
            Severity.MEDIUM,
            "A table that the agent may read has row security policies, and row security is switched off.",
            "Enable row level security on the table, or drop the policies.",
            List.of("S9"),
            List.of("CIS 4.7")),
    RLS_SETTABLE(
            Severity.MEDIUM,
            "A row security policy depends on a setting that the agent itself can set.",
            "Let the policy depend on the role.",
            List.of("S9"),
            List.of("CIS 4.7")),
    RLS_OPEN(
            Severity.INFO,
            "A permissive row security policy lets the agent see every row.",
            "Nothing must be done if that is meant.",
            List.of("S9"),
            List.of("CIS 4.7")),
    // --- What holds writers to their limits, and leases to their ends ---

    GUARD_MISSING(
            Severity.CRITICAL,
            "A writer can change rows of a table that no guard watches: any number of them, without WHERE.",
            "Run agentroles apply FILE, or take the write privilege away.",
            List.of(),
            List.of("STIG CD16-00-000900")),
    GUARD_DISABLED(
            Severity.CRITICAL,
            "The guard's trigger on a table is switched off, or on only for some sessions.",
            "Run agentroles apply FILE.",
            List.of(),
            List.of("STIG CD16-00-000900")),
    GUARD_CHANGED(
            Severity.CRITICAL,
            "A function, table or trigger of the guard has another text than the one that agentroles made: it may let"
                    + " anything pass. LOW where a table was altered, and its guarded view of MySQL or MariaDB has the"
                    + " columns of before.",
            "Run agentroles apply FILE, and ask who changed it.",
            List.of(),
            List.of("STIG CD16-00-000700")),
    GUARD_LIMITS(
            Severity.HIGH,
            "How many rows a writer may change is not what its profile says.",
            "Run agentroles apply FILE.",
            List.of(),
            List.of("STIG CD16-00-000900")),
    GUARD_BROKEN(
            Severity.HIGH,
            "The guard itself fails, with an error that is no refusal: writers cannot work, and something of it is"
                    + " not as agentroles made it.",
            "Run agentroles apply FILE; if that changes nothing, read the server's answer in the evidence and report it.",
            List.of(),
            List.of()),
    EXPIRY_EVENT(
            Severity.HIGH,
            "The profile lets the server end leases by itself (expiry_event), and it does not, or not as agentroles made"
                    + " it: an agent keeps what it has until reap ends it.",
            "Switch the event scheduler on, or run agentroles apply FILE.",
            List.of(),
            List.of("STIG CD16-00-000700")),
    CHANGE_DOOR(
            Severity.HIGH,
            "What agents ask for schema changes by is gone, or is not as agentroles made it: it runs with the"
                    + " administrator's rights, and an agent may call it.",
            "Run agentroles apply FILE, and ask who changed it.",
            List.of("S1"),
            List.of("STIG CD16-00-000700")),
    PREPARED_TRANSACTION(
            Severity.INFO,
            "A transaction that was prepared outlives its session and its login, with its locks. On MySQL and MariaDB (XA)"
                    + " any login can commit it, and the server does not say whose it is; on PostgreSQL its own login and"
                    + " superusers can, and those of agents and of logins that are gone are named.",
            "If none of your applications is about to commit it: the statement that is shown.",
            List.of(),
            List.of()),
    // --- Settings and labels ---

    SETTING_DANGEROUS(
            Severity.HIGH,
            "A setting that undoes a protection or loads code applies to the agent's sessions.",
            "Reset it.",
            List.of("C1", "C2", "G22"),
            List.of("CIS 6.5", "STIG CD16-00-011700")),
    SETTING_DRIFT(
            Severity.LOW,
            "A setting of the agent's login is not as declared. The agent can do that itself at any time.",
            "Reset it, or run agentroles apply FILE.",
            List.of("C1"),
            List.of("CIS 6.6")),
    SECURITY_LABEL(
            Severity.INFO,
            "A security label on a role of the agent: a label provider decides beside PostgreSQL's privileges.",
            "Review the provider's policy.",
            List.of("G25"),
            List.of()),
    // --- What is remembered ---

    DEFINITION_CHANGED(
            Severity.HIGH,
            "A view, a routine, a rule or a policy that the agent's access relies on has another text than when it was"
                    + " last accepted. No access list shows such a change.",
            "Review it; verify --accept-definitions accepts the new text.",
            List.of("S2", "S4", "S8", "S9", "A16", "A18"),
            List.of("STIG CD16-00-000700")),
    PROFILE_STALE(
            Severity.MEDIUM,
            "The profile asks for what cannot be had as it is written, such as a pattern that matches nothing any more:"
                    + " apply would refuse. What else the profile says was verified.",
            "Run plan, which says the same, and correct the profile or what changed in the database.",
            List.of(),
            List.of()),
    JOURNAL_BROKEN(
            Severity.HIGH,
            "An entry of the journal was edited or removed: each is chained to the one before it by its hash. Or the head"
                    + " of the chain was removed, and with it perhaps entries.",
            "Find out who may write to schema agentroles, and what they had to hide; restore the journal from a backup.",
            List.of(),
            List.of("STIG CD16-00-000700")),
    // --- What the witnesses say ---

    PROBE_ALLOWED(
            Severity.HIGH,
            "Logged in as the agent, something worked that its tier denies.",
            "Read the statement and take away what gives it. No finding of the catalogs names it: if you do not see why,"
                    + " please report it.",
            List.of(),
            List.of("STIG CD16-00-000900")),
    PROBE_REFUSED(
            Severity.MEDIUM,
            "Logged in as the agent, something was refused, or failed, that its tier promises.",
            "Run agentroles apply FILE; if that changes nothing, read the server's answer in the evidence.",
            List.of(),
            List.of()),
    PROBE_INCONCLUSIVE(
            Severity.LOW,
            "A probe could not be decided, twice: a lock, a timeout, or a server that takes no writes.",
            "Verify again when the server is calmer.",
            List.of(),
            List.of()),
    WITNESS_DISAGREE(
            Severity.HIGH,
            "The catalogs and the live probe do not say the same of one privilege.",
            "Trust neither: something decides that one of the two does not see. Please report it.",
            List.of(),
            List.of()),
    WITNESS_BLIND(
            Severity.INFO,
            "Something that decides about the agent's power cannot be read by this administrator.",
            "Verify once with more rights, or look at it by hand.",
            List.of("C3", "C4", "C1", "A18"),
            List.of("CIS 5.3", "CIS 5.4")),
    // --- Waivers ---

    WAIVER_EXPIRED(
            Severity.LOW,
            "A waiver has passed its end date; what it covered is reported again.",
            "Mend the finding, or have the waiver renewed.",
            List.of(),
            List.of()),
    WAIVER_UNUSED(Severity.INFO, "A waiver covers nothing.", "Remove it from the profile.", List.of(), List.of());

    private final Severity severity;
    private final String meaning;
    private final String cure;

    /// Made by `List.of`, so nobody can change it.
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<String> paths;

    @SuppressWarnings("ImmutableEnumChecker")
    private final List<String> controls;

    Rule(Severity severity, String meaning, String cure, List<String> paths, List<String> controls) {
        this.severity = severity;
        this.meaning = meaning;
        this.cure = cure;
        this.paths = paths;
        this.controls = controls;
    }

    /// Stable, as findings, waivers and reports write it.
    public String code() {
        return name().replace('_', '-');
    }

    /// How bad it usually is; a finding may say otherwise where the meaning does.
    public Severity severity() {
        return severity;
    }

    /// One sentence or two.
    public String meaning() {
        return meaning;
    }

    /// What to do about it, for people: one sentence.
    public String cure() {
        return cure;
    }

    /// Ids of the catalogued ways to power that this rule answers.
    public List<String> paths() {
        return paths;
    }

    /// What an auditor's lists call it: the CIS PostgreSQL 17 benchmark and the DISA STIG for PostgreSQL 16,
    /// by id; where the meaning is MySQL's alone, the CIS MySQL 9.7 benchmark.
    public List<String> controls() {
        return controls;
    }

    public static Set<String> codes() {
        return Stream.of(values()).map(Rule::code).collect(Collectors.toUnmodifiableSet());
    }

    /// @param code in whatever case; empty if no rule has it
    public static Optional<Rule> byCode(String code) {
        var wanted = code.strip().toUpperCase(Locale.ROOT);
        return Stream.of(values()).filter(rule -> rule.code().equals(wanted)).findFirst();
    }

    /// A finding of this rule with its usual severity.
    public Finding finding(
            Optional<String> subject,
            String what,
            List<String> path,
            String evidence,
            List<String> mend,
            List<String> ids) {
        return finding(severity, subject, what, path, evidence, mend, ids);
    }

    /// A finding of this rule, with the severity that it has here.
    public Finding finding(
            Severity graver,
            Optional<String> subject,
            String what,
            List<String> path,
            String evidence,
            List<String> mend,
            List<String> ids) {
        return new Finding(code(), graver, subject, what, Set.of(), path, evidence, mend, ids);
    }
}
