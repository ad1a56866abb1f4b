package dev.agentroles.credential;

import dev.agentroles.access.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Where agents read their login. Publishing is a compare-and-set: of two writers one wins and the other is
/// told.
///
/// Errors of the store that no caller can decide about (sealed, unreachable, permission denied, TLS) end in
/// a [dev.agentroles.problem.Failure] that names the store, the path and what to do, and never a secret.
public interface SecretStore extends AutoCloseable {
    /// Names the store for people: `OpenBao at https://vault.example.com:8200, mount secret`.
    String describe();

    /// What is published at a path now.
    ///
    /// @return version 0 and no lease where nothing ever was. No lease where what was there has expired,
    /// was erased or is not one of ours; its version still counts
    Current read(StorePath path);

    /// Publishes a lease in place of version `expected`. Ends only when the truth is known: after an answer
    /// that was lost, or a refusal that may be our own write coming back, it reads again and compares the
    /// lease.
    ///
    /// @param life how long the login still lives: the database's clock says when it ends, and the store's may
    /// be another. The store forgets it no later
    Publication publish(StorePath path, LeaseSecret secret, long expected, Duration life);

    /// Erases one version for good. Absent is as good as erased.
    void erase(StorePath path, long version);

    /// Erases all versions and what is known about them. Absent is as good as erased.
    void forget(StorePath path);

    /// The paths below a folder that hold or held something, sorted.
    ///
    /// @param folder of the environment: [StorePath#folder]
    List<StorePath> list(StorePath folder);

    /// A field of any secret, for a value of the profile; empty if there is none.
    Optional<Secret> field(StorePath path, String field);

    @Override
    void close();

    /// @param version counts every write at the path, also erased ones; 0 if there was none since it was
    /// forgotten
    record Current(long version, Optional<Held> held) {}

    /// A lease as the store holds it; the password stays behind the mask.
    record Held(LeaseSecret secret) {}

    /// How a publication ended.
    sealed interface Publication {
        /// Ours is there, under this version.
        record Published(long version) implements Publication {}

        /// Somebody else wrote first; ours is not there and never will be.
        record Superseded(long version) implements Publication {}
    }
}
