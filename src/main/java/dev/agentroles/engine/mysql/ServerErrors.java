package dev.agentroles.engine.mysql;

/// What the servers call their errors, by number as the drivers pass it on: MySQL 8.4 Error Message Reference, chapters
/// "Server" (ER) and "Global" (EE); MariaDB Error Code Reference. Both number alike, where nothing else is said.
final class ServerErrors {
    /// A file of the server cannot be made: its folder is not there.
    static final int EE_CANTCREATEFILE = 1;

    static final int EE_FILENOTFOUND = 29;
    static final int ER_CON_COUNT_ERROR = 1040;
    static final int ER_DBACCESS_DENIED_ERROR = 1044;

    /// At login a wrong password; later a missing right to files.
    static final int ER_ACCESS_DENIED_ERROR = 1045;

    static final int ER_BAD_DB_ERROR = 1049;

    /// DROP of a table that is not there.
    static final int ER_BAD_TABLE_ERROR = 1051;

    static final int ER_SERVER_SHUTDOWN = 1053;
    static final int ER_NO_SUCH_THREAD = 1094;
    static final int ER_CANT_OPEN_LIBRARY = 1126;

    /// At login, from a host that has begun too many sessions that came to nothing (`max_connect_errors`).
    static final int ER_HOST_IS_BLOCKED = 1129;

    static final int ER_HOST_NOT_PRIVILEGED = 1130;
    static final int ER_CANT_CREATE_THREAD = 1135;
    static final int ER_NONEXISTING_GRANT = 1141;
    static final int ER_TABLEACCESS_DENIED_ERROR = 1142;
    static final int ER_COLUMNACCESS_DENIED_ERROR = 1143;
    static final int ER_NO_SUCH_TABLE = 1146;
    static final int ER_NONEXISTING_TABLE_GRANT = 1147;
    static final int ER_TOO_MANY_USER_CONNECTIONS = 1203;
    static final int ER_LOCK_WAIT_TIMEOUT = 1205;
    static final int ER_LOCK_DEADLOCK = 1213;
    static final int ER_USER_LIMIT_REACHED = 1226;

    /// Some global privilege is missing.
    static final int ER_SPECIFIC_ACCESS_DENIED_ERROR = 1227;

    static final int ER_SUBQUERY_NO_1_ROW = 1242;
    static final int ER_CANT_AGGREGATE_2COLLATIONS = 1267;
    static final int ER_CANT_AGGREGATE_3COLLATIONS = 1270;
    static final int ER_CANT_AGGREGATE_NCOLLATIONS = 1271;

    /// The server runs with `read_only`, `secure_file_priv` or another option that forbids it.
    static final int ER_OPTION_PREVENTS_STATEMENT = 1290;

    static final int ER_SP_DOES_NOT_EXIST = 1305;
    static final int ER_QUERY_INTERRUPTED = 1317;
    static final int ER_VIEW_INVALID = 1356;
    static final int ER_NO_DEFAULT_FOR_FIELD = 1364;
    static final int ER_PROCACCESS_DENIED_ERROR = 1370;

    /// A statement about an account failed.
    static final int ER_CANNOT_USER = 1396;

    /// Of transactions with XA: something went wrong at the server.
    static final int ER_XAER_RMERR = 1401;

    static final int ER_CANT_CREATE_USER_WITH_GRANT = 1410;
    static final int ER_BINLOG_CREATE_ROUTINE_NEED_SUPER = 1419;

    /// A definer that is not there.
    static final int ER_NO_SUCH_USER = 1449;

    static final int ER_ROW_IS_REFERENCED_2 = 1451;

    /// At login, by a plugin without passwords; on MariaDB also of whoever may not give a role to others.
    static final int ER_ACCESS_DENIED_NO_PASSWORD_ERROR = 1698;

    static final int ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION = 1792;
    static final int ER_MUST_CHANGE_PASSWORD = 1820;
    static final int ER_READ_ONLY_MODE = 1836;
    static final int ER_MUST_CHANGE_PASSWORD_LOGIN = 1862;

    /// MariaDB's; MySQL has [#ER_QUERY_TIMEOUT].
    static final int ER_STATEMENT_TIMEOUT = 1969;

    /// MySQL's; MariaDB has [#ER_STATEMENT_TIMEOUT].
    static final int ER_QUERY_TIMEOUT = 3024;

    /// At login without TLS, where the server insists on it.
    static final int ER_SECURE_TRANSPORT_REQUIRED = 3159;

    /// MySQL's. Its SQLSTATE is HY000, and no refused login's.
    static final int ER_ACCOUNT_HAS_BEEN_LOCKED = 3118;

    /// MySQL's: it starts or stops.
    static final int ER_SERVER_ISNT_AVAILABLE = 3168;

    /// MySQL's.
    static final int ER_ROLE_NOT_GRANTED = 3530;

    /// MySQL's: an account with `FAILED_LOGIN_ATTEMPTS` has seen as many.
    static final int ER_USER_ACCESS_DENIED_FOR_USER_ACCOUNT_BLOCKED_BY_PASSWORD_LOCK = 3955;

    /// MySQL's.
    static final int ER_CANNOT_USER_REFERENCED_AS_DEFINER = 4006;

    /// MariaDB's: an account has seen `max_password_errors`.
    static final int ER_USER_IS_BLOCKED = 4150;

    /// MariaDB's, which it calls so, too, with the same SQLSTATE.
    static final int MARIADB_ER_ACCOUNT_HAS_BEEN_LOCKED = 4151;

    private ServerErrors() {}
}
