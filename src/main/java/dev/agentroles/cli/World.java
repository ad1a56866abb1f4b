package dev.agentroles.cli;

import dev.agentroles.credential.FaultPoints;
import dev.agentroles.credential.Mint;
import dev.agentroles.credential.SecretStore;
import dev.agentroles.credential.StorePolicies;
import dev.agentroles.profile.EngineTerms;
import dev.agentroles.profile.Profile;
import dev.agentroles.profile.Values;
import dev.agentroles.workspace.Means;
import dev.agentroles.workspace.Workspace.KnownEngine;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// All that a run takes from outside. `Main` makes it of the real world, tests of a small one.
///
/// @param in what another program gives us
/// @param out for results
/// @param err for messages and progress
/// @param terminal to ask a person; empty where nobody is there to answer
/// @param environment variables by name
/// @param directory that relative paths start from
/// @param operator who runs this, for the journal: `alice@runner-7`
/// @param version of the program
/// @param stores opens the store that a profile names
/// @param faults told of every step of a lease's life
/// @param ending when the process is told to end
public record World(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Optional<Terminal> terminal,
        Function<String, Optional<String>> environment,
        Path directory,
        String operator,
        String version,
        InstantSource clock,
        SecureRandom random,
        SortedMap<String, KnownEngine> engines,
        StoreOpener stores,
        FaultPoints faults,
        Ending ending) {
    /// A person at a keyboard.
    @FunctionalInterface
    public interface Terminal {
        /// @return what was typed, without the line's end; empty at the end of the input
        Optional<String> ask(String question);

        /// How many characters fit in a line just now, if that is known.
        default OptionalInt columns() {
            return OptionalInt.empty();
        }
    }

    /// Opens the store of a profile; nothing is sent before it is used.
    @FunctionalInterface
    public interface StoreOpener {
        /// @param values for the store's own settings; a secret of the store itself is not among them
        SecretStore open(Profile profile, Values values);

        /// The rules of access to that store; empty for one that has none.
        default Optional<StorePolicies> policies(Profile profile) {
            return Optional.empty();
        }

        /// Environment variables that open a store, without any profile naming them.
        default Set<String> variables() {
            return Set.of();
        }
    }

    /// What a run brings along.
    Means means() {
        return new Means(new Mint(random), clock, operator, faults);
    }

    /// The terms of every engine, for the profile reader.
    Map<String, EngineTerms> terms() {
        return engines.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().terms()));
    }
}
