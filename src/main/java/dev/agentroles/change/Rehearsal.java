package dev.agentroles.change;

import dev.agentroles.engine.Said;
import dev.agentroles.engine.SchemaSession.Trial;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A trial of a change request.
///
/// @param on where it was tried: environment and entry
public record Rehearsal(Dossier dossier, String on, Trial trial) {
    /// Whether the server took the statement.
    public boolean works() {
        return trial.refused().isEmpty();
    }

    /// What it showed, as lines of text.
    public String outcome() {
        return Stream.of(
                        trial.refused().stream().map(said -> "refused: " + Said.firstLine(said)),
                        trial.effects().stream(),
                        trial.notes().stream().map(note -> "note: " + note))
                .flatMap(lines -> lines)
                .collect(Collectors.joining("\n"));
    }

    /// How it ended, as the journal says it.
    String end() {
        return works() ? "done" : "failed";
    }

    /// As the journal names it.
    String described() {
        return described(dossier, on);
    }

    static String described(Dossier dossier, String on) {
        return dossier.described() + " on " + on;
    }
}
