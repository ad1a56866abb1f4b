package dev.agentroles.access;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One difference between intended and effective power.
///
/// @param code stable, upper case with hyphens: `PUBLIC-TEMP`
/// @param subject the agent or login that has the power; empty for the database as a whole
/// @param what one sentence: who can do what, or what is missing
/// @param objects that it is about; empty if it is about a role, or about everything
/// @param path how the power reaches the subject, from the subject outwards; empty if directly
/// @param evidence the catalog row or server answer that shows it
/// @param mend the SQL that takes it away, in order; empty where no statement can
/// @param paths ids of the catalogue of ways to power that it answers (`G5`, `R2`), for the controls they
/// map to
public record Finding(
        String code,
        Severity severity,
        Optional<String> subject,
        String what,
        Set<Securable> objects,
        List<String> path,
        String evidence,
        List<String> mend,
        List<String> paths) {
    /// Worst first, then by code, subject and words: the same power is told the same way every time.
    public static final Comparator<Finding> WORST_FIRST = Comparator.comparing(Finding::severity)
            .thenComparing(Finding::code)
            .thenComparing(finding -> finding.subject().orElse(""))
            .thenComparing(Finding::what)
            .thenComparing(finding -> String.join(" > ", finding.path()));

    public Finding {
        objects = Set.copyOf(objects);
        path = List.copyOf(path);
        mend = List.copyOf(mend);
        paths = List.copyOf(paths);
    }

    /// The same, about these objects.
    public Finding about(Stream<? extends Securable> these) {
        return new Finding(
                code, severity, subject, what, these.collect(Collectors.toSet()), path, evidence, mend, paths);
    }
}
