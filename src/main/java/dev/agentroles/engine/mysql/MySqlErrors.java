package dev.agentroles.engine.mysql;

import dev.agentroles.engine.Said;
import dev.agentroles.engine.Target;
import dev.agentroles.problem.Problem;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLException;

/// What the server or the driver said, in words: which database, whose fault, what to do. Numbers by
/// MySQL's error reference; MariaDB's are the same.
final class MySqlErrors {
    /// ER_DBACCESS_DENIED_ERROR.
    static final int DATABASE_ACCESS_DENIED = 1044;

    /// ER_TABLEACCESS_DENIED_ERROR.
    static final int TABLE_ACCESS_DENIED = 1142;

    /// ER_LOCK_WAIT_TIMEOUT.
    static final int LOCK_WAIT_TIMEOUT = 1205;

    /// ER_LOCK_DEADLOCK.
    static final int DEADLOCK = 1213;

    /// ER_SPECIFIC_ACCESS_DENIED_ERROR: some global privilege is missing.
    static final int PRIVILEGE_MISSING = 1227;

    /// ER_ACCOUNT_HAS_BEEN_LOCKED, as MySQL and as MariaDB number it; both with SQLSTATE HY000.
    private static final List<Integer> LOCKED = List.of(3118, 4151);

    /// ER_CON_COUNT_ERROR, ER_TOO_MANY_USER_CONNECTIONS, ER_USER_LIMIT_REACHED.
    private static final Set<Integer> FULL = Set.of(1040, 1203, 1226);

    /// With ER_BAD_DB_ERROR: a session cannot begin where its URL leads.
    private static final List<Integer> NOWHERE = List.of(DATABASE_ACCESS_DENIED, 1049);

    private MySqlErrors() {}

    /// Whether a login was turned away as one that is gone, closed or wrong: SQLSTATE class 28, which a
    /// locked account is not given; or as one that may not go where its URL leads.
    static boolean turnsAway(SQLException said) {
        return LOCKED.contains(said.getErrorCode())
                || NOWHERE.contains(said.getErrorCode())
                || String.valueOf(said.getSQLState()).startsWith("28");
    }

    /// Whether a session was refused because there are as many as there may be.
    static boolean isFull(SQLException said) {
        return FULL.contains(said.getErrorCode());
    }

    /// Whether others held what was needed: the same may work when they have ended.
    static boolean mayWorkLater(SQLException said) {
        return said.getErrorCode() == LOCK_WAIT_TIMEOUT || said.getErrorCode() == DEADLOCK || isFull(said);
    }

    static Problem describe(SQLException said, Target target) {
        var where = "database " + target.name() + " at " + address(target.url());
        var text = Said.firstLine(said);
        if (said instanceof Session.NotOpened) {
            return notOpened(said, target, where, text);
        }
        return switch (said.getErrorCode()) {
            case LOCK_WAIT_TIMEOUT, DEADLOCK ->
                Problem.of(where + ": other transactions hold what was needed: " + text)
                        .remedy(
                                "run again when they have ended (information_schema.INNODB_TRX lists them, XA RECOVER those"
                                        + " that outlived their session), or let apply wait longer with --lock-timeout");
            case 1317, 3024, 1969 ->
                Problem.of(where + ": a statement took too long and was stopped: " + text)
                        .remedy("run again when the server has less to do");
            case DATABASE_ACCESS_DENIED, 1045, TABLE_ACCESS_DENIED, 1143, PRIVILEGE_MISSING, 1370, 1410, 1698 ->
                Problem.of(where + " does not allow " + target.username() + " to do this: " + text)
                        .remedy("agentroles plan lists the rights that are missing");
            case 1290, 1836, 1792 ->
                Problem.of(where + " takes no writes: it is a replica or read-only: " + text)
                        .remedy("point the URL at the primary server");
            case 1419 ->
                Problem.of(where + " keeps a binary log and does not trust whoever makes functions: " + text)
                        .remedy("SET PERSIST log_bin_trust_function_creators = ON, as a database administrator");
            default -> other(said, where, text);
        };
    }

    /// Of a login: the same numbers mean something else once it is in. MariaDB has 1698 for whoever may not
    /// give a role to others.
    private static Problem notOpened(SQLException said, Target target, String where, String text) {
        return switch (said.getErrorCode()) {
            case 1045, 1698 ->
                Problem.of(where + " refused the password of " + target.username() + ": " + text)
                        .remedy(
                                "check this login's username and password in the profile, the account's host, and that no"
                                        + " account without a name takes the login over");
            case 1130 ->
                Problem.of(where + " does not let anybody log in from here: " + text)
                        .remedy("make the account for this host");
            case 3118, 4151 ->
                Problem.of(where + ": the account " + target.username() + " is locked")
                        .remedy("ALTER USER ... ACCOUNT UNLOCK, as a database administrator");
            case 1862, 1820 ->
                Problem.of(where + ": the password of " + target.username() + " has expired")
                        .remedy("give the administrator a new password");
            case 1049 ->
                Problem.of(where + " does not exist on that server: " + text)
                        .remedy("check the last part of the URL; with jdbc:mariadb: it is the name as it stands,"
                                + " with jdbc:mysql: %20 is a blank");
            case 1040, 1203, 1226 ->
                Problem.of(where + " has no connection left: " + text).remedy("run again when others have ended");
            case DATABASE_ACCESS_DENIED ->
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
