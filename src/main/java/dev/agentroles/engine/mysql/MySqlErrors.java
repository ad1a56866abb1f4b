package dev.agentroles.engine.mysql;

import dev.agentroles.access.RoleName;
import dev.agentroles.engine.Logins;
import dev.agentroles.engine.Said;
import dev.agentroles.engine.ServerIdentity;
import dev.agentroles.engine.Target;
import dev.agentroles.problem.Problem;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/// What the server or the driver said, in words: which database, whose fault, what to do.
final class MySqlErrors {
    /// None of them has a SQLSTATE of refused logins. A password that has expired lets nobody do anything but give
    /// a new one.
    private static final Set<Integer> CLOSED = Set.of(
            ServerErrors.ER_ACCOUNT_HAS_BEEN_LOCKED,
            ServerErrors.MARIADB_ER_ACCOUNT_HAS_BEEN_LOCKED,
            ServerErrors.ER_USER_ACCESS_DENIED_FOR_USER_ACCOUNT_BLOCKED_BY_PASSWORD_LOCK,
            ServerErrors.ER_USER_IS_BLOCKED,
            ServerErrors.ER_MUST_CHANGE_PASSWORD_LOGIN,
            ServerErrors.ER_MUST_CHANGE_PASSWORD);

    private static final Set<Integer> FULL = Set.of(
            ServerErrors.ER_CON_COUNT_ERROR,
            ServerErrors.ER_TOO_MANY_USER_CONNECTIONS,
            ServerErrors.ER_USER_LIMIT_REACHED);

    /// For want of a right: on a database, to files, on a table, on a column, of the server, on a routine, to
    /// triggers where there is a binary log, to a role. XA RECOVER says without XA_RECOVER_ADMIN only that it
    /// failed, and the rest in a warning (seen on 8.0 and 9.7).
    private static final Set<Integer> WANTING = Set.of(
            ServerErrors.ER_DBACCESS_DENIED_ERROR,
            ServerErrors.ER_ACCESS_DENIED_ERROR,
            ServerErrors.ER_TABLEACCESS_DENIED_ERROR,
            ServerErrors.ER_COLUMNACCESS_DENIED_ERROR,
            ServerErrors.ER_SPECIFIC_ACCESS_DENIED_ERROR,
            ServerErrors.ER_PROCACCESS_DENIED_ERROR,
            ServerErrors.ER_BINLOG_CREATE_ROUTINE_NEED_SUPER,
            ServerErrors.ER_ROLE_NOT_GRANTED,
            ServerErrors.ER_XAER_RMERR);

    /// A session cannot begin where its URL leads.
    private static final Set<Integer> NOWHERE =
            Set.of(ServerErrors.ER_DBACCESS_DENIED_ERROR, ServerErrors.ER_BAD_DB_ERROR);

    private static final String MISSING =
            "agentroles plan lists the rights that are missing, agentroles init all that an administrator needs";

    /// A plan begins with these tables, and cannot list what is missing without them.
    private static final Pattern GRANT_TABLE =
            Pattern.compile("SELECT command denied to .* for table [`']?(mysql[`']?\\.[`']?)?(columns_priv|db"
                    + "|default_roles|event|func|global_grants|global_priv|procs_priv|proxies_priv|role_edges|roles_mapping"
                    + "|tables_priv|user)[`']");

    private MySqlErrors() {}

    private static String readGrants(Target target) {
        return "a database administrator must run: GRANT SELECT ON mysql.* TO %s; with the account's host if that is"
                        .formatted(Sql.account(new RoleName(target.username()), "%"))
                + " another; agentroles init lists what else an administrator needs";
    }

    /// What a login was told that did not come in: that it is gone or wrong, SQLSTATE class 28; that it is
    /// closed; or that it may not go where its URL leads. An account, its role, the role's grants and the
    /// database of the guard's views reach a replica one after the other.
    ///
    /// @param thither whether the URL leads to the database where its agent begins
    static Logins.Proof.Verdict verdict(SQLException said, boolean thither) {
        if (NOWHERE.contains(said.getErrorCode())) {
            return thither ? Logins.Proof.Verdict.NOT_YET : Logins.Proof.Verdict.NEVER;
        }
        return CLOSED.contains(said.getErrorCode())
                        || String.valueOf(said.getSQLState()).startsWith("28")
                ? Logins.Proof.Verdict.NOT_YET
                : Logins.Proof.Verdict.UNREACHED;
    }

    /// Whether a right was missing.
    static boolean isForWantOfRight(SQLException said) {
        return WANTING.contains(said.getErrorCode());
    }

    /// Whether a session was refused because there are as many as there may be.
    static boolean isFull(SQLException said) {
        return FULL.contains(said.getErrorCode());
    }

    /// Whether others held what was needed: the same may work when they have ended.
    static boolean mayWorkLater(SQLException said) {
        return said.getErrorCode() == ServerErrors.ER_LOCK_WAIT_TIMEOUT
                || said.getErrorCode() == ServerErrors.ER_LOCK_DEADLOCK
                || isFull(said);
    }

    static Problem describe(SQLException said, Target target) {
        var where = "database " + target.name() + " at " + address(target.url());
        var text = Said.firstLine(said);
        if (said instanceof Session.NotOpened) {
            return notOpened(said, target, where, text);
        }
        return switch (said.getErrorCode()) {
            case ServerErrors.ER_LOCK_WAIT_TIMEOUT, ServerErrors.ER_LOCK_DEADLOCK ->
                Problem.of(where + ": other transactions hold what was needed: " + text)
                        .remedy(
                                "run again when they have ended (information_schema.INNODB_TRX lists them, XA RECOVER those"
                                        + " that outlived their session), or let apply wait longer with --lock-timeout");
            case ServerErrors.ER_QUERY_INTERRUPTED, ServerErrors.ER_QUERY_TIMEOUT, ServerErrors.ER_STATEMENT_TIMEOUT ->
                Problem.of(where + ": a statement took too long and was stopped: " + text)
                        .remedy("run again when the server has less to do");
            case ServerErrors.ER_DBACCESS_DENIED_ERROR,
                    ServerErrors.ER_ACCESS_DENIED_ERROR,
                    ServerErrors.ER_TABLEACCESS_DENIED_ERROR,
                    ServerErrors.ER_COLUMNACCESS_DENIED_ERROR,
                    ServerErrors.ER_SPECIFIC_ACCESS_DENIED_ERROR,
                    ServerErrors.ER_PROCACCESS_DENIED_ERROR,
                    ServerErrors.ER_CANT_CREATE_USER_WITH_GRANT,
                    ServerErrors.ER_ACCESS_DENIED_NO_PASSWORD_ERROR ->
                Problem.of(where + " does not allow " + target.username() + " to do this: " + text)
                        .remedy(GRANT_TABLE.matcher(text).find() ? readGrants(target) : MISSING);
            case ServerErrors.ER_OPTION_PREVENTS_STATEMENT,
                    ServerErrors.ER_READ_ONLY_MODE,
                    ServerErrors.ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION ->
                Problem.of(where + " takes no writes: it is a replica or read-only: " + text)
                        .remedy(ServerIdentity.WRITE_ELSEWHERE);
            case ServerErrors.ER_BINLOG_CREATE_ROUTINE_NEED_SUPER ->
                Problem.of(where + " keeps a binary log and does not trust whoever makes functions: " + text)
                        .remedy("SET PERSIST log_bin_trust_function_creators = ON, as a database administrator");
            default -> other(said, where, text);
        };
    }

    /// Of a login: the same numbers mean something else once it is in.
    private static Problem notOpened(SQLException said, Target target, String where, String text) {
        return switch (said.getErrorCode()) {
            case ServerErrors.ER_ACCESS_DENIED_ERROR, ServerErrors.ER_ACCESS_DENIED_NO_PASSWORD_ERROR ->
                Problem.of(where + " refused the password of " + target.username() + ": " + text)
                        .remedy(
                                "check this login's username and password in the profile, the account's host, and that no"
                                        + " account without a name takes the login over");
            case ServerErrors.ER_HOST_NOT_PRIVILEGED ->
                Problem.of(where + " does not let anybody log in from here: " + text)
                        .remedy("make the account for this host");
            case ServerErrors.ER_ACCOUNT_HAS_BEEN_LOCKED, ServerErrors.MARIADB_ER_ACCOUNT_HAS_BEEN_LOCKED ->
                Problem.of(where + ": the account " + target.username() + " is locked")
                        .remedy("ALTER USER ... ACCOUNT UNLOCK, as a database administrator");
            case ServerErrors.ER_HOST_IS_BLOCKED ->
                Problem.of(where + " lets nobody in from here: " + text)
                        .remedy(
                                "TRUNCATE TABLE performance_schema.host_cache (MySQL), FLUSH HOSTS (MariaDB), as a database"
                                        + " administrator from another host; what probes the port without a login raises that"
                                        + " count, and max_connect_errors says how far");
            case ServerErrors.ER_SECURE_TRANSPORT_REQUIRED ->
                Problem.of(where + " takes sessions over TLS only: " + text)
                        .remedy("say in the URL how the server proves who it is: sslMode=VERIFY_IDENTITY (MySQL),"
                                + " sslMode=verify-full (MariaDB)");
            case ServerErrors.ER_SERVER_SHUTDOWN,
                    ServerErrors.ER_SERVER_ISNT_AVAILABLE,
                    ServerErrors.ER_CANT_CREATE_THREAD ->
                Problem.of(where + " takes no sessions now: " + text).remedy("run again when the server is well");
            case ServerErrors.ER_USER_ACCESS_DENIED_FOR_USER_ACCOUNT_BLOCKED_BY_PASSWORD_LOCK,
                    ServerErrors.ER_USER_IS_BLOCKED ->
                Problem.of(where + " lets " + target.username() + " in no more, after too many wrong passwords: "
                                + text)
                        .remedy("ALTER USER ... ACCOUNT UNLOCK (MySQL), FLUSH PRIVILEGES (MariaDB), as a database"
                                + " administrator; and find out who tried them");
            case ServerErrors.ER_MUST_CHANGE_PASSWORD_LOGIN, ServerErrors.ER_MUST_CHANGE_PASSWORD ->
                Problem.of(where + ": the password of " + target.username() + " has expired")
                        .remedy("give the administrator a new password");
            case ServerErrors.ER_BAD_DB_ERROR ->
                Problem.of(where + " does not exist on that server: " + text)
                        .remedy("check the last part of the URL; with jdbc:mariadb: it is the name as it stands,"
                                + " with jdbc:mysql: %20 is a blank");
            case ServerErrors.ER_CON_COUNT_ERROR,
                    ServerErrors.ER_TOO_MANY_USER_CONNECTIONS,
                    ServerErrors.ER_USER_LIMIT_REACHED ->
                Problem.of(where + " has no connection left: " + text).remedy("run again when others have ended");
            case ServerErrors.ER_DBACCESS_DENIED_ERROR ->
                Problem.of(where + " does not let " + target.username() + " in: " + text)
                        .remedy("give the account a right in that database, or name another one in the URL");
            default -> other(said, where, text);
        };
    }

    private static Problem other(SQLException said, String where, String text) {
        var state = String.valueOf(said.getSQLState());
        for (Throwable cause = said; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return Problem.of(where + " did not prove who it is: " + Said.firstLine(cause))
                        .remedy("name the authority that signed its certificate in the URL:"
                                + " trustCertificateKeyStoreUrl=file:FILE (MySQL), serverSslCert=FILE (MariaDB)");
            }
            if (cause instanceof ConnectException || cause instanceof UnknownHostException) {
                return Problem.of(where + " cannot be reached: " + Said.firstLine(cause))
                        .remedy("check that the server runs and that host and port of the URL are right");
            }
        }
        if (text.contains("Setting configured timezone")) {
            // The driver sends an empty text beside it.
            return Problem.of(where + ": no session of MariaDB's driver can begin: " + text)
                    .remedy("take EMPTY_STRING_IS_NULL out of the server's sql_mode; programs that need it set it for"
                            + " themselves");
        }
        if (text.contains("Public Key Retrieval")) {
            return Problem.of(where + " wants the password encrypted, and the URL asks for no TLS")
                    .remedy("add sslMode=VERIFY_IDENTITY to the URL");
        }
        return state.startsWith("08")
                ? Problem.of(where + " ended our session or cannot be reached: " + text)
                        .remedy("run again when the server is well")
                : Problem.of(where + ": " + text + " (error " + said.getErrorCode() + ", SQLSTATE " + state + ")");
    }

    /// Host, port and database of a URL, without parameters.
    private static String address(String url) {
        return MySqlUrl.parse(url)
                .map(parts -> (parts.host().isEmpty() ? "localhost" : parts.host()) + ":" + parts.port() + "/"
                        + parts.database())
                .orElse("an address that is none");
    }
}
