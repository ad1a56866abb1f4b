package dev.agentroles.engine.postgres;

/// What the server calls its errors, by SQLSTATE (PostgreSQL manual, appendix A).
final class SqlStates {
    static final String SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION = "08001";
    static final String CONNECTION_DOES_NOT_EXIST = "08003";
    static final String SQLSERVER_REJECTED_ESTABLISHMENT_OF_SQLCONNECTION = "08004";
    static final String CONNECTION_FAILURE = "08006";
    static final String PROTOCOL_VIOLATION = "08P01";
    static final String FEATURE_NOT_SUPPORTED = "0A000";
    static final String NUMERIC_VALUE_OUT_OF_RANGE = "22003";
    static final String INVALID_PARAMETER_VALUE = "22023";
    static final String INVALID_TEXT_REPRESENTATION = "22P02";
    static final String READ_ONLY_SQL_TRANSACTION = "25006";

    /// `pg_hba.conf` said no, among others.
    static final String INVALID_AUTHORIZATION_SPECIFICATION = "28000";

    static final String INVALID_PASSWORD = "28P01";
    static final String DEPENDENT_OBJECTS_STILL_EXIST = "2BP01";

    /// Of a database.
    static final String INVALID_CATALOG_NAME = "3D000";

    static final String INVALID_SCHEMA_NAME = "3F000";
    static final String SERIALIZATION_FAILURE = "40001";
    static final String DEADLOCK_DETECTED = "40P01";
    static final String INSUFFICIENT_PRIVILEGE = "42501";
    static final String SYNTAX_ERROR = "42601";
    static final String INVALID_NAME = "42602";
    static final String UNDEFINED_COLUMN = "42703";

    /// Such as a role, or a foreign data wrapper.
    static final String UNDEFINED_OBJECT = "42704";

    static final String UNDEFINED_TABLE = "42P01";
    static final String TOO_MANY_CONNECTIONS = "53300";
    static final String OBJECT_IN_USE = "55006";
    static final String LOCK_NOT_AVAILABLE = "55P03";
    static final String QUERY_CANCELED = "57014";
    static final String ADMIN_SHUTDOWN = "57P01";
    static final String CRASH_SHUTDOWN = "57P02";
    static final String CANNOT_CONNECT_NOW = "57P03";

    /// Of any kind: what it is its text says.
    static final String INTERNAL_ERROR = "XX000";

    private SqlStates() {}
}
