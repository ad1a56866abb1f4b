package dev.agentroles.credential.file;

import com.exceptionfactory.jagged.UnsupportedRecipientStanzaException;
import com.exceptionfactory.jagged.framework.stream.StandardDecryptingChannelFactory;
import com.exceptionfactory.jagged.framework.stream.StandardEncryptingChannelFactory;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.problem.Shell;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Set;

/// A file of text, encrypted with age (age-encryption.org/v1) to one identity, readable by its owner only.
/// It is replaced as a whole or not at all, also when the machine loses power.
final class EncryptedFile {
    static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final String LEFTOVER_SUFFIX = ".tmp";

    /// Bytes: some ten thousand leases.
    private static final int LONGEST = 64 << 20;

    private final Path file;
    private final AgeIdentity identity;

    EncryptedFile(Path file, AgeIdentity identity) {
        this.file = file;
        this.identity = identity;
    }

    /// What the file says; nothing if there is no file yet. An empty file is not "no file": it is a damaged
    /// one.
    Contents load() {
        byte[] encrypted;
        try {
            mustBeAFile(file);
            encrypted = read();
        } catch (NoSuchFileException e) {
            // Better said now than when a login is to be published.
            if (!Files.isDirectory(folder())) {
                throw withoutFolder(e);
            }
            return Contents.EMPTY;
        } catch (IOException e) {
            throw failure("cannot be read (" + reason(e) + ")", "check who owns it and the folders above it", e);
        }
        try (var opened = new StandardDecryptingChannelFactory()
                .newDecryptingChannel(
                        Channels.newChannel(new ByteArrayInputStream(encrypted)), List.of(identity.opening()))) {
            return Contents.parse(new String(Channels.newInputStream(opened).readAllBytes(), StandardCharsets.UTF_8));
        } catch (UnsupportedRecipientStanzaException e) {
            throw failure(
                    "is not encrypted to this identity (its public half is " + identity.recipient() + ")",
                    "use the identity that it was made with",
                    e);
        } catch (GeneralSecurityException | IOException e) {
            throw failure(
                    "is damaged, or no file of age",
                    "restore it from a backup, or move it away: the next run issues new leases",
                    e);
        } catch (Contents.UnreadableException e) {
            throw failure("cannot be used: " + e.getMessage(), "use the version of agentroles that wrote it", e);
        }
    }

    /// A device has no end, a pipe waits for a writer, and neither can be replaced by a file of ours.
    ///
    /// @param path of the file or of its lock; nothing need be there
    /// @throws Failure refused, if something else is there
    static void mustBeAFile(Path path) {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw Failure.refused(Problem.of("the secret store cannot use " + path + ": it is "
                            + (Files.isDirectory(path) ? "a directory" : "a device, a pipe or a socket")
                            + " and not a file")
                    .remedy("give store.file.path a file's name, where nothing is yet or where agentroles made it"));
        }
    }

    private byte[] read() throws IOException {
        try (var in = Files.newInputStream(file)) {
            var bytes = in.readNBytes(LONGEST + 1);
            if (bytes.length > LONGEST) {
                throw Failure.refused(Problem.of("the secret store " + file + " is larger than " + (LONGEST >> 20)
                                + " MiB, which no store of agentroles is")
                        .remedy("check store.file.path"));
            }
            return bytes;
        }
    }

    /// Writes beside, makes it durable, then takes the old one's place.
    void save(Contents contents) {
        var folder = folder();
        try {
            removeLeftovers(folder);
            var beside = Files.createTempFile(folder, leftoverPrefix(), LEFTOVER_SUFFIX, OWNER_ONLY);
            try {
                try (var out = FileChannel.open(beside, StandardOpenOption.WRITE)) {
                    var bytes = ByteBuffer.wrap(encrypt(contents.toJson()));
                    while (bytes.hasRemaining()) {
                        out.write(bytes);
                    }
                    out.force(true);
                }
                Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(beside);
            }
            try (var directory = FileChannel.open(folder, StandardOpenOption.READ)) {
                directory.force(true);
            }
        } catch (NoSuchFileException e) {
            throw withoutFolder(e);
        } catch (IOException e) {
            throw failure(
                    "cannot be written (" + reason(e) + "); what was in it before is still there",
                    "check the space and the permissions of " + folder,
                    e);
        } catch (GeneralSecurityException e) {
            throw failure("cannot be encrypted", "check the Java runtime: it has no ChaCha20-Poly1305 or X25519", e);
        }
    }

    private Path folder() {
        return file.resolveSibling("").toAbsolutePath();
    }

    private Failure withoutFolder(NoSuchFileException cause) {
        return failure(
                "cannot be written: the folder " + folder() + " does not exist",
                "mkdir -m 700 " + Shell.word(folder().toString()),
                cause);
    }

    private byte[] encrypt(String text) throws GeneralSecurityException, IOException {
        var encrypted = new ByteArrayOutputStream();
        try (var channel = new StandardEncryptingChannelFactory()
                .newEncryptingChannel(Channels.newChannel(encrypted), List.of(identity.sealing()))) {
            var clear = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (clear.hasRemaining()) {
                channel.write(clear);
            }
        }
        return encrypted.toByteArray();
    }

    /// What a run that was killed in the middle left behind; the caller holds the lock, so nobody else is
    /// writing.
    private void removeLeftovers(Path folder) throws IOException {
        try (var leftovers = Files.newDirectoryStream(folder, this::isLeftover)) {
            for (var leftover : leftovers) {
                Files.deleteIfExists(leftover);
            }
        }
    }

    private boolean isLeftover(Path entry) {
        var name = entry.getFileName().toString();
        return name.startsWith(leftoverPrefix()) && name.endsWith(LEFTOVER_SUFFIX);
    }

    private String leftoverPrefix() {
        return "." + file.getFileName() + ".";
    }

    private static String reason(IOException e) {
        return e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    }

    private Failure failure(String what, String remedy, Exception cause) {
        return new Failure(
                Exit.ERROR, Problem.of("the secret store " + file + " " + what).remedy(remedy), cause);
    }
}
