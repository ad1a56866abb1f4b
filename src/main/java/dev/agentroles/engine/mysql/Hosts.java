package dev.agentroles.engine.mysql;

import dev.agentroles.engine.Target;
import java.util.List;
import java.util.regex.Pattern;

/// From where an account may come, as the grant tables write it: a name or an address, with wildcards or a
/// netmask.
final class Hosts {
    private static final List<String> ANYWHERE = List.of("%");

    private static final String LOCALHOST = "localhost";

    /// What the server calls a client on its own machine, depending on how it came and on `skip_name_resolve`.
    private static final List<String> HERE = List.of(LOCALHOST, "127.0.0.1", "::1");

    /// What cannot be a name.
    private static final Pattern ADDRESS = Pattern.compile("[0-9.%_]+|[0-9A-Fa-f.%_]*:[0-9A-Fa-f.:%_]*");

    private static final Pattern NETWORK = Pattern.compile("(?<net>[0-9.]+)/(?<mask>[0-9.]+)");

    private Hosts() {}

    /// Of the logins that are made in a database.
    static List<String> of(Target target) {
        return target.hosts().isEmpty() ? ANYWHERE : target.hosts();
    }

    /// Whether some client may match both. A client has a name and an address, and which belong together is
    /// not known here: one of each kind may always meet.
    static boolean overlap(String one, String other) {
        if (one.equals(LOCALHOST)) {
            return HERE.stream().anyMatch(host -> meet(host, other));
        }
        return other.equals(LOCALHOST) ? overlap(other, one) : meet(one, other);
    }

    private static boolean meet(String one, String other) {
        if (one.isEmpty() || other.isEmpty()) {
            return true;
        }
        if (NETWORK.matcher(one).matches()) {
            return inNetwork(one, other);
        }
        if (NETWORK.matcher(other).matches()) {
            return inNetwork(other, one);
        }
        boolean here = HERE.contains(one) || HERE.contains(other);
        return (!here && isAddress(one) != isAddress(other)) || meet(one, 0, other, 0);
    }

    private static boolean meet(String one, int at, String other, int there) {
        if (at == one.length() && there == other.length()) {
            return true;
        }
        if (at < one.length() && one.charAt(at) == '%') {
            return meet(one, at + 1, other, there) || (there < other.length() && meet(one, at, other, there + 1));
        }
        if (there < other.length() && other.charAt(there) == '%') {
            return meet(other, there, one, at);
        }
        return at < one.length()
                && there < other.length()
                && (one.charAt(at) == '_'
                        || other.charAt(there) == '_'
                        || Character.toLowerCase(one.charAt(at)) == Character.toLowerCase(other.charAt(there)))
                && meet(one, at + 1, other, there + 1);
    }

    /// Only whole addresses can be told from a network.
    private static boolean inNetwork(String network, String other) {
        if (!isExact(other) || !isAddress(other)) {
            return !HERE.contains(other);
        }
        if (other.indexOf(':') >= 0) {
            return false;
        }
        var parts = NETWORK.matcher(network);
        parts.matches();
        var bits = parts.group("mask");
        long mask = bits.indexOf('.') < 0 ? -1L << (32 - Integer.parseInt(bits)) : number(bits);
        return (number(parts.group("net")) & mask) == (number(other) & mask);
    }

    private static long number(String address) {
        long number = 0;
        for (var part : address.split("\\.", -1)) {
            number = number << 8 | (part.isEmpty() ? 0 : Integer.parseInt(part));
        }
        return number;
    }

    /// Whether some client matches both and the other comes first: manual, 8.2.6: the server takes the account
    /// with the most specific host.
    static boolean takesOver(String other, String host) {
        if (isExact(host) || other.equals(host)) {
            return false;
        }
        return isExact(other)
                ? host.indexOf('/') >= 0 || Like.matches(host, other)
                : prefix(other).length() > prefix(host).length() && overlap(other, host);
    }

    static boolean isAddress(String host) {
        return ADDRESS.matcher(host).matches();
    }

    private static boolean isExact(String host) {
        return host.chars().noneMatch(c -> c == '%' || c == '_' || c == '/');
    }

    private static String prefix(String pattern) {
        return pattern.split("[%_/]", 2)[0];
    }
}
