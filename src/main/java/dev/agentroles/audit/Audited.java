package dev.agentroles.audit;

import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import dev.agentroles.workspace.Missed;
import java.util.List;
import java.util.stream.Stream;

/// What an audit of many profiles says of one.
public sealed interface Audited {
    /// The profile's file, as it was given.
    String source();

    /// Why something could not be audited, of the whole profile or of single databases.
    List<Missed> missed();

    /// Such a problem in a report of many profiles.
    String told(Problem problem);

    /// What was found in the databases that could be audited.
    record Examined(Profile profile, AuditReport report) implements Audited {
        @Override
        public String source() {
            return profile.source();
        }

        @Override
        public List<Missed> missed() {
            return report.missed();
        }

        @Override
        public String told(Problem problem) {
            return source() + ": " + problem;
        }

        /// The profile's databases of which something is known now.
        public List<String> databases() {
            var missed = report.missed().stream().map(Missed::database).toList();
            return profile.databases().keySet().stream()
                    .filter(database -> !missed.contains(database))
                    .toList();
        }
    }

    /// Nothing is known of any of its databases.
    record Unread(String source, Failure failure) implements Audited {
        @Override
        public List<Missed> missed() {
            return List.of(new Missed("", failure));
        }

        /// It names the file itself.
        @Override
        public String told(Problem problem) {
            return problem.toString();
        }
    }

    /// Those that could be read.
    static Stream<Examined> examined(List<Audited> audited) {
        return audited.stream()
                .flatMap(one -> one instanceof Examined examined ? Stream.of(examined) : Stream.<Examined>empty());
    }
}
