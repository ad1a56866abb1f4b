package dev.agentroles.profile;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Paths in a secret store, and the template that leases are published under.
final class Paths {
    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9_.-]+");
    private static final String ENVIRONMENT = "{environment}";
    private static final List<String> PLACEHOLDERS = List.of(ENVIRONMENT, "{database}", "{agent}");
    private static final String EXAMPLE = "for example " + Profile.StoreEntry.PATH;

    private Paths() {}

    static Optional<String> path(Item item) {
        return item.text().filter(text -> isPath(item, text));
    }

    /// Each placeholder is a segment of its own: in `{database}-{agent}` two pairs of names would share one
    /// path. The environment is the first of them: one folder holds all that is published for it, and
    /// nothing else.
    static Optional<String> template(Item item) {
        return item.text().filter(text -> {
            var segments = List.of(text.split("/", -1));
            var missing = PLACEHOLDERS.stream()
                    .filter(placeholder -> !segments.contains(placeholder))
                    .toList();
            if (!missing.isEmpty()) {
                item.problems()
                        .add(
                                item.at(),
                                "%s %s has no segment %s"
                                        .formatted(item.label(), Quoted.of(text), String.join(", ", missing)),
                                EXAMPLE);
                return false;
            }
            if (segments.stream()
                    .filter(PLACEHOLDERS::contains)
                    .findFirst()
                    .filter(ENVIRONMENT::equals)
                    .isEmpty()) {
                item.problems()
                        .add(
                                item.at(),
                                "%s %s has a placeholder before {environment}: no folder would hold this environment alone"
                                        .formatted(item.label(), Quoted.of(text)),
                                EXAMPLE);
                return false;
            }
            return segments.stream()
                    .filter(segment -> !PLACEHOLDERS.contains(segment))
                    .allMatch(segment -> isSegment(item, segment));
        });
    }

    /// Reports a text that is no path.
    static boolean isPath(Item item, String path) {
        return List.of(path.split("/", -1)).stream().allMatch(segment -> isSegment(item, segment));
    }

    private static boolean isSegment(Item item, String segment) {
        boolean fits = SEGMENT.matcher(segment).matches() && !segment.equals(".") && !segment.equals("..");
        if (!fits) {
            item.problems()
                    .add(
                            item.at(),
                            item.label() + " has the segment " + Quoted.of(segment),
                            "between slashes use letters, digits, _ . and -");
        }
        return fits;
    }
}
