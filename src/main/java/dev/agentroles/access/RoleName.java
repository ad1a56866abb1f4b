package dev.agentroles.access;

/// The name of a database role or account, as the catalog holds it: data, never SQL. Engines quote it when they
/// render.
public record RoleName(String value) implements Comparable<RoleName> {
    public RoleName {
        if (value.isEmpty() || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a role name is neither empty nor holds NUL");
        }
    }

    @Override
    public int compareTo(RoleName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
