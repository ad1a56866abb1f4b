package dev.agentroles.credential;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Where one agent's login for one database stands: below the mount, with the environment in it.
///
/// @param value `agents/production/shop/support-bot`; segments of `[A-Za-z0-9_.-]`, none of them `.` or
/// `..`
public record StorePath(String value) implements Comparable<StorePath> {
    public StorePath {
        if (!isOne(value)) {
            throw new IllegalArgumentException("\"" + value + "\" is no path of a secret");
        }
    }

    /// Whether a text is a path that every store takes as it is.
    public static boolean isOne(String text) {
        for (var segment : text.split("/", -1)) {
            if (!segment.matches("[A-Za-z0-9_.-]+") || segment.equals(".") || segment.equals("..")) {
                return false;
            }
        }
        return true;
    }

    /// Fills the profile's template.
    public static StorePath of(String template, String environment, String database, String agent) {
        return new StorePath(template.replace("{environment}", environment)
                .replace("{database}", database)
                .replace("{agent}", agent));
    }

    /// The folder below which all leases of an environment stand: the template up to the first segment that
    /// differs between them. `agents/{environment}/{database}/{agent}` gives `agents/production`.
    ///
    /// @param template in which nothing that differs comes before the environment
    public static StorePath folder(String template, String environment) {
        var segments = Stream.of(template.split("/", -1))
                .takeWhile(segment -> !segment.contains("{database}") && !segment.contains("{agent}"));
        return new StorePath(segments.collect(Collectors.joining("/")).replace("{environment}", environment));
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
