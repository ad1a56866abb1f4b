package dev.agentroles.access;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A privilege by its SQL name, for every engine; each engine uses those it has.
public enum Privilege {
    SELECT("SELECT"),
    INSERT("INSERT"),
    UPDATE("UPDATE"),
    DELETE("DELETE"),
    TRUNCATE("TRUNCATE"),
    REFERENCES("REFERENCES"),
    TRIGGER("TRIGGER"),
    MAINTAIN("MAINTAIN"),
    USAGE("USAGE"),
    CREATE("CREATE"),
    CONNECT("CONNECT"),
    TEMPORARY("TEMPORARY"),
    EXECUTE("EXECUTE"),
    SET("SET"),
    ALTER_SYSTEM("ALTER SYSTEM"),
    DROP("DROP"),
    ALTER("ALTER"),
    INDEX("INDEX"),
    CREATE_VIEW("CREATE VIEW"),
    SHOW_VIEW("SHOW VIEW"),
    CREATE_ROUTINE("CREATE ROUTINE"),
    ALTER_ROUTINE("ALTER ROUTINE"),
    SHOW_CREATE_ROUTINE("SHOW CREATE ROUTINE"),
    CREATE_TEMPORARY_TABLES("CREATE TEMPORARY TABLES"),
    LOCK_TABLES("LOCK TABLES"),
    EVENT("EVENT"),
    DELETE_HISTORY("DELETE HISTORY"),
    /// Nothing but the right to pass on: of an object on which nothing else is held.
    GRANT_OPTION("GRANT OPTION");

    private static final Map<String, Privilege> BY_SQL =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(Privilege::sql, Function.identity()));

    private final String sql;

    Privilege(String sql) {
        this.sql = sql;
    }

    /// By its keyword, in capitals.
    ///
    /// @return empty if it is none that can be held on an object of an engine known here
    public static Optional<Privilege> of(String sql) {
        return Optional.ofNullable(BY_SQL.get(sql));
    }

    /// The keyword of GRANT and REVOKE.
    public String sql() {
        return sql;
    }
}
