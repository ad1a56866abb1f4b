package dev.agentroles.profile;

import dev.agentroles.access.Secret;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Position;
import dev.agentroles.problem.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/// Fetches the values that a profile says come from elsewhere. What cannot be fetched ends in a `Failure`
/// at the value's line; what was fetched is in no message.
public final class Values {
    /// A value is a password, a URL or a key; more is the wrong file.
    private static final int LARGEST = 1 << 16;

    /// The worst first.
    private static final SortedMap<PosixFilePermission, String> OTHERS =
            Collections.unmodifiableSortedMap(new TreeMap<PosixFilePermission, String>(Map.of(
                            PosixFilePermission.OTHERS_READ, "read by every user of this machine",
                            PosixFilePermission.OTHERS_WRITE, "written by every user of this machine",
                            PosixFilePermission.GROUP_READ, "read by its group",
                            PosixFilePermission.GROUP_WRITE, "written by its group"))
                    .descendingMap());

    private static final String OWNER_ONLY = "chmod 600 it";

    private final Function<String, Optional<String>> environment;
    private final Path directory;
    private final BiFunction<String, String, Optional<Secret>> store;
    private final Consumer<Problem> notices;

    /// @param environment variables by name
    /// @param directory that relative paths of files start from: the profile's
    /// @param store a field of a secret, by path and field
    /// @param notices takes what a person should know and what does not stop anything
    public Values(
            Function<String, Optional<String>> environment,
            Path directory,
            BiFunction<String, String, Optional<Secret>> store,
            Consumer<Problem> notices) {
        this.environment = environment;
        this.directory = directory;
        this.store = store;
        this.notices = notices;
    }

    /// The directory that a profile's relative paths start from.
    ///
    /// @param working that the profile's own relative name starts from
    public static Path directoryOf(Profile profile, Path working) {
        var file = working.resolve(profile.source());
        var parent = file.getParent();
        return parent == null ? working : parent;
    }

    /// A value that is no secret.
    public String text(Value value) {
        return switch (value) {
            case Value.Literal literal -> literal.text();
            case Value.Env env -> variable(env);
            case Value.File file -> content(file);
            case Value.Vault vault -> field(vault).reveal(Function.identity());
        };
    }

    public Secret secret(Value.Reference reference) {
        return switch (reference) {
            case Value.Env env -> Secret.of(variable(env));
            case Value.File file -> {
                othersMay(file)
                        .ifPresent(what -> notices.accept(
                                Problem.at(file.at(), "the secret in " + what).remedy(OWNER_ONLY)));
                yield Secret.of(content(file));
            }
            case Value.Vault vault -> field(vault);
        };
    }

    /// A key that opens other secrets: from a file of its owner's alone, or not at all.
    public Secret key(Value.Reference reference) {
        if (reference instanceof Value.File file) {
            othersMay(file).ifPresent(what -> {
                throw Failure.refused(
                        Problem.at(file.at(), "the key in " + what).remedy(OWNER_ONLY));
            });
        }
        return secret(reference);
    }

    /// A database's URL, held to the rule of its engine.
    public String url(Value url, Profile.Tls tls, UrlRule rule) {
        var text = text(url);
        var problems = rule.check(text, tls, url.at());
        if (!problems.isEmpty()) {
            throw new Failure(Exit.ERROR, problems);
        }
        return text;
    }

    /// The environment variables among them that are missing, in the order of the file.
    public List<Problem> missing(Stream<Value> values) {
        return values.flatMap(value -> value instanceof Value.Env env ? missing(env).stream() : Stream.empty())
                .sorted(Comparator.comparing(problem -> problem.where().orElseThrow()))
                .toList();
    }

    private Optional<Problem> missing(Value.Env env) {
        var value = environment.apply(env.name());
        return value.filter(text -> !text.isEmpty()).isPresent()
                ? Optional.empty()
                : Optional.of(Problem.at(
                        env.at(),
                        "the environment variable " + env.name() + (value.isPresent() ? " is empty" : " is not set")));
    }

    private String variable(Value.Env env) {
        missing(env).ifPresent(problem -> {
            throw Failure.error(problem);
        });
        return environment.apply(env.name()).orElseThrow();
    }

    private Secret field(Value.Vault vault) {
        return store.apply(vault.path(), vault.field())
                .orElseThrow(() -> failure(
                        vault.at(), "the store has no field " + vault.field() + " in a secret at " + vault.path()));
    }

    private String content(Value.File file) {
        var name = "the file " + Quoted.of(file.path());
        try (var input = Files.newInputStream(path(file))) {
            var bytes = input.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw failure(file.at(), name + " is larger than 64 KiB, which no value is");
            }
            var text = withoutNewline(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
            if (text.isEmpty()) {
                throw failure(file.at(), name + " is empty");
            }
            return text;
        } catch (NoSuchFileException _) {
            throw failure(file.at(), name + " does not exist");
        } catch (AccessDeniedException _) {
            throw failure(file.at(), name + " may not be read by this user");
        } catch (CharacterCodingException _) {
            throw failure(file.at(), name + " is not UTF-8 text");
        } catch (IOException e) {
            throw failure(file.at(), name + " cannot be read: " + ProfileFile.reason(e));
        }
    }

    private Path path(Value.File file) {
        try {
            return directory.resolve(file.path());
        } catch (InvalidPathException e) {
            throw failure(file.at(), Quoted.of(file.path()) + " is not the name of a file: " + e.getReason());
        }
    }

    private static String withoutNewline(String text) {
        if (text.endsWith("\r\n")) {
            return text.substring(0, text.length() - 2);
        }
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    /// What others than the owner of a file can do with it, if anything, as the end of a sentence.
    private Optional<String> othersMay(Value.File file) {
        try {
            var modes = Files.getPosixFilePermissions(path(file));
            return OTHERS.entrySet().stream()
                    .filter(mode -> modes.contains(mode.getKey()))
                    .findFirst()
                    .map(mode -> "the file " + Quoted.of(file.path()) + " can be " + mode.getValue());
        } catch (IOException | UnsupportedOperationException _) {
            // Reading the file says what is wrong with it; a file system without such permissions has no such risk
            // that we could tell.
            return Optional.empty();
        }
    }

    private static Failure failure(Position where, String what) {
        return Failure.error(Problem.at(where, what));
    }
}
