package dev.agentroles.credential;

/// Where one agent's login for one database stands: below the mount, with the environment in it.
///
/// @param value `agents/production/shop/support-bot`; segments of `[A-Za-z0-9_.-]`, none of them `.` or `..`
public record StorePath(String value) implements Comparable<StorePath> {
    public StorePath {
        for (var segment : value.split("/", -1)) {
            if (!segment.matches("[A-Za-z0-9_.-]+") || segment.equals(".") || segment.equals("..")) {
                throw new IllegalArgumentException("\"" + value + "\" is no path of a secret");
            }
        }
    }

    /// Fills the profile's template.
    public static StorePath of(String template, String environment, String database, String agent) {
        return new StorePath(template.replace("{environment}", environment)
                .replace("{database}", database)
                .replace("{agent}", agent));
    }

    @Override
    public int compareTo(StorePath other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
