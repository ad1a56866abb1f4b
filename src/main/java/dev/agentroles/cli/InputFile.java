package dev.agentroles.cli;

import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// A file whose text a command is given.
///
/// @param name as it was given, for messages
record InputFile(String name, Path path) {
    static InputFile of(Path given, Path directory) {
        return new InputFile(given.toString(), directory.resolve(given));
    }

    /// @param most bytes
    /// @throws Failure if it cannot be read, or is no such text
    String text(int most) {
        if (Files.isDirectory(path)) {
            throw Failure.error(Problem.of(name + " is a directory").remedy("name one file in it"));
        }
        // A pipe waits for a writer, and a device has no end.
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw Failure.error(Problem.of(name + " is a device, a pipe or a socket and not a file")
                    .remedy("save its text in a file and name that"));
        }
        try (var input = Files.newInputStream(path)) {
            return text(name, input, most);
        } catch (NoSuchFileException missing) {
            throw unreadable("does not exist", "check its name; it is looked for in the working directory", missing);
        } catch (AccessDeniedException denied) {
            throw unreadable("may not be read by this user", "give the user that right, or name another", denied);
        } catch (IOException failed) {
            throw unreadable("cannot be read: " + OutputFile.reason(failed), "check the file and its disk", failed);
        }
    }

    private Failure unreadable(String why, String remedy, IOException cause) {
        return new Failure(Exit.ERROR, Problem.of(name + " " + why).remedy(remedy), cause);
    }

    /// What is read from elsewhere, as if it stood in a file.
    ///
    /// @param name for messages
    static String text(String name, InputStream input, int most) throws IOException {
        var bytes = input.readNBytes(most + 1);
        if (bytes.length > most) {
            throw Failure.usage(Problem.of(name + " is larger than " + most + " bytes"));
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException _) {
            throw Failure.usage(Problem.of(name + " is not UTF-8 text").remedy("save it as UTF-8"));
        }
    }
}
