package dev.agentroles.access;

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
    ALTER_SYSTEM("ALTER SYSTEM");

    private final String sql;

    Privilege(String sql) {
        this.sql = sql;
    }

    /// The keyword of GRANT and REVOKE.
    public String sql() {
        return sql;
    }
}
