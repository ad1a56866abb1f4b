package dev.agentroles.profile;

import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Nearest;
import dev.agentroles.problem.Position;
import dev.agentroles.problem.Printable;
import dev.agentroles.problem.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The file that a profile stands in.
///
/// @param source how messages call it: the name that was given, with `profiles/` before it if it was found
/// there
record ProfileFile(String source, String text) {
    /// Larger is no profile that a person reviewed.
    static final int LARGEST = 1 << 20;

    private static final String FOLDER = "profiles";

    /// Finds and reads the file.
    ///
    /// @throws Failure that says why it cannot be read
    static ProfileFile find(String name, Path directory) {
        if (name.isBlank()) {
            throw Failure.error(Problem.of("the name of the profile is empty")
                    .remedy("a variable in the command line may not be set"));
        }
        Path given;
        try {
            given = directory.resolve(name);
        } catch (InvalidPathException e) {
            throw Failure.error(Problem.of(Quoted.of(name) + " is not the name of a file: " + e.getReason()));
        }
        mustBePrintable(name);
        if (isThere(given)) {
            return new ProfileFile(name, text(name, given));
        }
        var inFolder = directory.resolve(FOLDER).resolve(name);
        if (isThere(inFolder) && !Path.of(name).isAbsolute()) {
            var source = FOLDER + "/" + name;
            return new ProfileFile(source, text(source, inFolder));
        }
        throw Failure.error(missing(name, directory));
    }

    /// Everything that is said begins with the name, and commands to copy have it. In one that somebody else has given,
    /// the end of a line forges what comes next: to a person, and to a pipeline that takes commands from its log.
    private static void mustBePrintable(String name) {
        if (!name.codePoints().allMatch(Printable::isPrintable)) {
            throw Failure.error(
                    Problem.of("the name of the profile holds a character that is not seen: " + Quoted.of(name))
                            .remedy("rename the file"));
        }
    }

    /// A link counts even if it leads nowhere: what is wrong with it is told when it is read.
    private static boolean isThere(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static Problem missing(String name, Path directory) {
        var problem = Problem.of("there is no file " + Quoted.of(name) + ", nor one in " + FOLDER + "/");
        return Nearest.to(name, profilesIn(directory))
                .or(() ->
                        Nearest.to(name, profilesIn(directory.resolve(FOLDER))).map(found -> FOLDER + "/" + found))
                .map(nearest -> problem.remedy("did you mean " + Quoted.of(nearest) + "?"))
                .orElse(problem);
    }

    private static List<String> profilesIn(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".yaml") || file.endsWith(".yml"))
                    .sorted()
                    .toList();
        } catch (IOException _) {
            // No suggestion is better than a second error.
            return List.of();
        }
    }

    private static String text(String source, Path file) {
        if (Files.isDirectory(file)) {
            throw Failure.error(
                    Problem.of(Quoted.of(source) + " is a directory").remedy("name one profile in it"));
        }
        try (var input = Files.newInputStream(file)) {
            var bytes = input.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw Failure.error(Problem.of(Quoted.of(source) + " is larger than 1 MiB, which no profile is"));
            }
            return decode(source, bytes);
        } catch (NoSuchFileException _) {
            throw Failure.error(Problem.of(Quoted.of(source) + " is a link to a file that does not exist"));
        } catch (AccessDeniedException _) {
            throw Failure.error(Problem.of(Quoted.of(source) + " may not be read by this user"));
        } catch (IOException e) {
            throw Failure.error(Problem.of(Quoted.of(source) + " cannot be read: " + reason(e)));
        }
    }

    /// The operating system's words, fit for a message.
    static String reason(IOException e) {
        var words = e instanceof FileSystemException ofFile ? ofFile.getReason() : e.getMessage();
        return words == null ? e.getClass().getSimpleName() : Quoted.plain(words);
    }

    private static String decode(String source, byte[] bytes) {
        var decoder = StandardCharsets.UTF_8.newDecoder();
        var input = ByteBuffer.wrap(bytes);
        try {
            return decoder.decode(input).toString();
        } catch (CharacterCodingException e) {
            // The decoder leaves its input at the first byte that fits nowhere.
            var before = new String(Arrays.copyOf(bytes, input.position()), StandardCharsets.UTF_8);
            int line =
                    (int) before.chars().filter(character -> character == '\n').count() + 1;
            int start = before.lastIndexOf('\n') + 1;
            int column = before.codePointCount(start, before.length()) + 1;
            throw Failure.error(Problem.at(new Position(source, line, column), "this is not UTF-8")
                    .remedy("save the profile as UTF-8"));
        }
    }
}
