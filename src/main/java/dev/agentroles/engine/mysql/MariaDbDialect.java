package dev.agentroles.engine.mysql;

/// MariaDB 10.11 and later.
record MariaDbDialect() implements Dialect {
    @Override
    public String engine() {
        return "mariadb";
    }

    @Override
    public String product() {
        return "MariaDB";
    }
}
