package dev.agentroles.change;

/// How a run of a change request ended.
public sealed interface Ran {
    Dossier dossier();

    /// It is done.
    ///
    /// @param before whether it was done before this run began
    record Done(Dossier dossier, boolean before) implements Ran {}

    /// Nothing was done, and the same may work later; it stays approved.
    record Postponed(Dossier dossier, String said) implements Ran {}

    /// The server refused it.
    record Failed(Dossier dossier, String said) implements Ran {}

    /// The end was not seen: the next run finds out, or a person says.
    record Unseen(Dossier dossier, String said) implements Ran {}
}
