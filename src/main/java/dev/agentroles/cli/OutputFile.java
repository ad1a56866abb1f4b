package dev.agentroles.cli;

import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Objects;
import java.util.UUID;

/// Where `--output` leads. A regular file is replaced whole, so that nobody reads half of it, and keeps its
/// mode; a pipe or a device is written to.
///
/// @param name as it was given, for messages
/// @param path with symbolic links followed
record OutputFile(String name, Path path) {
    static OutputFile of(String name, Path directory) {
        var path = directory.resolve(name).toAbsolutePath();
        try {
            return new OutputFile(name, Files.exists(path) ? path.toRealPath() : path);
        } catch (IOException unreadable) {
            throw refused(name, unreadable.toString(), unreadable);
        }
    }

    boolean isRegular() {
        return Files.isRegularFile(path);
    }

    /// @throws Failure if nothing can be written there, before anything is done whose result it is
    void mustBeWritable() {
        if (Files.isDirectory(path)) {
            throw refused("it is a directory");
        }
        if (Files.exists(path)) {
            if (!Files.isWritable(path)) {
                throw refused("it may not be written");
            }
            return;
        }
        if (Files.isSymbolicLink(path)) {
            throw refused("it is a link to nothing");
        }
        var folder = folder();
        if (!Files.isDirectory(folder)) {
            throw refused("there is no directory " + folder);
        }
        if (!Files.isWritable(folder)) {
            throw refused("the directory " + folder + " may not be written");
        }
    }

    /// Text that is written as it comes.
    @FunctionalInterface
    interface Content<R> {
        R writeTo(Appendable out) throws IOException;
    }

    void write(String text) {
        write(out -> out.append(text));
    }

    /// @return what the content is done with
    <R> R write(Content<R> content) {
        try {
            boolean replaceable = !Files.exists(path, LinkOption.NOFOLLOW_LINKS) || isRegular();
            return replaceable && Files.isWritable(folder()) ? replace(content) : write(path, content);
        } catch (IOException failed) {
            throw new Failure(
                    Exit.ERROR,
                    Problem.of("the result cannot be written to " + name + ": " + reason(failed))
                            .remedy(
                                    "what the command did is done; make room or mend the path, and see agentroles status"),
                    failed);
        }
    }

    /// Java names the file once more where the operating system refused it.
    static String reason(IOException failed) {
        var reason = failed instanceof FileSystemException ofFile ? ofFile.getReason() : failed.getMessage();
        return Objects.requireNonNullElse(reason, failed.getClass().getSimpleName());
    }

    /// A new file has the mode of every new file, and one that is replaced keeps its own.
    private <R> R replace(Content<R> content) throws IOException {
        var beside = folder().resolve("." + path.getFileName() + "." + UUID.randomUUID() + ".new");
        try {
            var done = write(beside, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            keepMode(beside);
            Files.move(beside, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            return done;
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private static <R> R write(Path path, Content<R> content, OpenOption... how) throws IOException {
        try (var writer = Files.newBufferedWriter(path, how)) {
            return content.writeTo(writer);
        }
    }

    private void keepMode(Path beside) throws IOException {
        var mode = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (isRegular() && mode != null) {
            Files.setPosixFilePermissions(beside, mode.readAttributes().permissions());
        }
    }

    private Path folder() {
        var folder = path.getParent();
        return folder == null ? path : folder;
    }

    private Failure refused(String why) {
        return Failure.error(problem(name, why));
    }

    private static Failure refused(String name, String why, IOException cause) {
        return new Failure(Exit.ERROR, problem(name, why), cause);
    }

    private static Problem problem(String name, String why) {
        return Problem.of("the result cannot be written to " + name + ": " + why)
                .remedy("check that the directory is there and may be written");
    }
}
