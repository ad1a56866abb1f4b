package dev.agentroles.cli;

import dev.agentroles.engine.PasswordFile;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What a program is given to log in with: variables, and a file where the password is to stand in one. The
/// file is readable by its owner only, and gone when this is closed.
record Handover(Map<String, String> variables, Optional<Path> file) implements AutoCloseable {
    Handover {
        variables = Map.copyOf(variables);
    }

    static Handover inVariables(Map<String, String> variables) {
        return new Handover(variables, Optional.empty());
    }

    /// @param folder where the file is made
    static Handover inFile(PasswordFile password, Path folder) {
        try {
            var file = Files.createTempFile(
                    folder,
                    "agentroles-",
                    ".pass",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            var handover = new Handover(with(password, file), Optional.of(file));
            try {
                Files.writeString(file, password.content().<String>reveal(text -> text));
                return handover;
            } catch (IOException failed) {
                handover.close();
                throw failed;
            }
        } catch (IOException failed) {
            throw new Failure(
                    Exit.ERROR,
                    Problem.of("the password file cannot be written in " + folder + ": " + failed.getMessage())
                            .remedy("set TMPDIR to a folder with space that you may write to, or leave --passfile out"),
                    failed);
        }
    }

    private static Map<String, String> with(PasswordFile password, Path file) {
        var variables = new HashMap<>(password.environment());
        variables.put(password.variable(), file.toString());
        return variables;
    }

    @Override
    public void close() {
        file.ifPresent(path -> {
            try {
                Files.deleteIfExists(path);
            } catch (IOException stays) {
                throw new Failure(
                        Exit.ERROR,
                        Problem.of("the password file " + path + " cannot be removed: " + stays.getMessage())
                                .remedy("remove it; its login is ended"),
                        stays);
            }
        });
    }
}
