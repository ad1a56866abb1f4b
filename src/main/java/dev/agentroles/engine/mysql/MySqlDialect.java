package dev.agentroles.engine.mysql;

/// MySQL 8.0 and later.
record MySqlDialect() implements Dialect {
    @Override
    public String engine() {
        return "mysql";
    }

    @Override
    public String product() {
        return "MySQL";
    }
}
