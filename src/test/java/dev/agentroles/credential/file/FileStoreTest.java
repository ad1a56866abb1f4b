package dev.agentroles.credential.file;

import static dev.agentroles.credential.Publications.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.util.Throwables.getStackTrace;

import com.exceptionfactory.jagged.framework.stream.StandardEncryptingChannelFactory;
import dev.agentroles.access.Secret;
import dev.agentroles.credential.LeaseSecret;
import dev.agentroles.credential.Publications;
import dev.agentroles.credential.SecretStore;
import dev.agentroles.credential.SecretStore.Publication.Published;
import dev.agentroles.credential.SecretStoreContract;
import dev.agentroles.credential.StorePath;
import dev.agentroles.harness.AgeKeys;
import dev.agentroles.harness.Await;
import dev.agentroles.problem.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileStoreTest implements SecretStoreContract {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));
    private final InstantSource clock = now::get;
    private final AgeIdentity identity = AgeKeys.generate();

    @TempDir
    Path folder;

    @Override
    public SecretStore store() {
        return another();
    }

    @Override
    public FileStore another() {
        return new FileStore(file(), identity.secretKey(), clock);
    }

    @Override
    public Instant now() {
        return now.get();
    }

    @Override
    public void awaitEnd(StorePath path, LeaseSecret secret) {
        now.set(secret.expiresAt());
    }

    private Path file() {
        return folder.resolve("leases.age");
    }

    @Test
    void theFileIsForItsOwnerOnlyAndHoldsNothingInClear() throws Exception {
        publish(store(), newPath(), lease("a-password-in-clear", Duration.ofHours(1)), 0);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file(), StandardCharsets.ISO_8859_1))
                .startsWith("age-encryption.org/v1\n-> X25519 ")
                .doesNotContain("a-password-in-clear", "support-bot", "production");
    }

    /// Whoever may open the lock can keep every writer waiting.
    @Test
    void theLockIsForItsOwnerOnly() throws Exception {
        publish(store(), newPath(), lease(), 0);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("leases.age.lock"))))
                .isEqualTo("rw-------");
    }

    @Test
    void whatIsNoFileIsRefusedAndNotRead() throws Exception {
        var pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        refused(Path.of("/dev/zero"), "a device, a pipe or a socket");
        refused(pipe, "a device, a pipe or a socket");
        refused(folder, "a directory");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(pipe);
        }
    }

    private void refused(Path path, String what) {
        var store = new FileStore(path, identity.secretKey(), clock);
        assertThatThrownBy(() -> store.read(newPath()))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("the secret store cannot use " + path + ": it is " + what + " and not a file");
        assertThatThrownBy(() -> publish(store, newPath(), lease(), 0)).hasMessageContaining("it is " + what);
    }

    @Test
    void nothingButTheFileAndItsLockIsLeftBehind() throws Exception {
        Files.writeString(folder.resolve(".leases.age.123.tmp"), "of a run that was killed");

        publish(store(), newPath(), lease(), 0);

        try (var files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(file(), folder.resolve("leases.age.lock"));
        }
    }

    @Test
    void aLeaseThatHasEndedLeavesTheFileWithTheNextChange() {
        var path = newPath();
        var brief = lease("brief", Duration.ofMinutes(1));
        publish(store(), path, brief, 0);
        awaitEnd(path, brief);

        publish(store(), newPath(), lease(), 0);

        now.set(brief.issuedAt());
        assertThat(store().read(path).held()).isEmpty();
        assertThat(store().read(path).version()).isEqualTo(1);
    }

    @Test
    void aLinkIsFollowed() throws Exception {
        var target = folder.resolve("elsewhere.age");
        publish(new FileStore(target, identity.secretKey(), clock), new StorePath("a/b"), lease(), 0);
        Files.createSymbolicLink(file(), target);

        publish(store(), new StorePath("a/c"), lease(), 0);

        assertThat(file()).isSymbolicLink();
        assertThat(new FileStore(target, identity.secretKey(), clock).list(new StorePath("a")))
                .hasSize(2);
    }

    @Test
    void anIdentityFileOfAgeKeygenIsTakenWhole() {
        var path = newPath();
        publish(store(), path, lease(), 0);
        var whole = Secret.of(identity.secretKey()
                .<String>reveal(key ->
                        "# created: 2026-03-01T12:00:00Z\n# public key: " + identity.recipient() + "\n" + key + "\n"));

        assertThat(new FileStore(file(), whole, clock).read(path).version()).isEqualTo(1);
    }

    @Test
    void aForeignIdentityIsToldWhoseFileItIsNot() {
        publish(store(), newPath(), lease(), 0);
        var foreign = AgeKeys.generate();

        assertThatThrownBy(() -> new FileStore(file(), foreign.secretKey(), clock).read(newPath()))
                .isInstanceOf(Failure.class)
                .hasMessage(
                        "the secret store %s is not encrypted to this identity (its public half is %s); use the"
                                + " identity that it was made with",
                        file(), foreign.recipient());
    }

    @Test
    void whatIsNoIdentityIsRefusedWithoutBeingShown() {
        assertThatThrownBy(() -> new FileStore(file(), Secret.of("hunter2"), clock))
                .isInstanceOf(Failure.class)
                .hasMessage("the identity of the file store is no age secret key; make one with age-keygen; it is one"
                        + " line that begins with AGE-SECRET-KEY-1")
                .hasNoCause();
    }

    @Test
    void aFileThatWasCutOffAnywhereIsDamagedAndNeverEmpty() throws Exception {
        var long64KiB = "x".repeat(70_000);
        var path = newPath();
        publish(store(), path, lease(long64KiB, Duration.ofHours(1)), 0);
        var whole = Files.readAllBytes(file());
        int payload = new String(whole, StandardCharsets.ISO_8859_1).indexOf('\n', indexOfMac(whole)) + 1;
        int firstChunk = payload + 16 + 64 * 1024 + 16;
        var lengths = new ArrayList<>(List.of(firstChunk, firstChunk - 1, firstChunk + 1, whole.length - 1));
        for (int length = 0; length < whole.length; length += 4_999) {
            lengths.add(length);
        }

        for (int length : lengths) {
            Files.write(file(), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> store().read(path))
                    .as("cut off after %d of %d bytes", length, whole.length)
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("is damaged, or no file of age");
            assertThatThrownBy(() -> publish(store(), path, lease(), 0)).isInstanceOf(Failure.class);
            assertThat(Files.size(file())).isEqualTo(length);
        }
    }

    private static int indexOfMac(byte[] file) {
        return new String(file, StandardCharsets.ISO_8859_1).indexOf("\n--- ") + 1;
    }

    @Test
    void aFlippedBitIsNoticed() throws Exception {
        publish(store(), newPath(), lease(), 0);
        var bytes = Files.readAllBytes(file());
        bytes[bytes.length - 30] ^= 1;
        Files.write(file(), bytes);

        assertThatThrownBy(() -> store().read(newPath())).hasMessageContaining("is damaged, or no file of age");
    }

    @Test
    void aFileOfALaterProgramIsLeftAlone() throws Exception {
        encrypt("{\"schema_version\": 2, \"secrets\": {}}");

        assertThatThrownBy(() -> publish(store(), newPath(), lease(), 0))
                .hasMessage(
                        "the secret store %s cannot be used: it has schema_version 2, and this program knows 1; use"
                                + " the version of agentroles that wrote it",
                        file());
    }

    @Test
    void whatIsNotOursIsRefusedWithoutBeingQuoted() throws Exception {
        encrypt("hunter2: not JSON");

        assertThatThrownBy(() -> store().read(newPath()))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("it holds no JSON of ours")
                .hasStackTraceContaining("UnreadableException")
                .satisfies(failure -> assertThat(getStackTrace(failure)).doesNotContain("hunter2"));
    }

    @Test
    void aMissingFolderIsNamed() {
        var nowhere = folder.resolve("nowhere/leases.age");

        assertThatThrownBy(() -> publish(new FileStore(nowhere, identity.secretKey(), clock), newPath(), lease(), 0))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("the lock of the secret store cannot be taken: " + nowhere + ".lock")
                .hasMessageContaining("check that its folder exists and that you may write in it");
    }

    @Test
    void severalProcessesLoseNothing() throws Exception {
        var path = newPath();
        int processes = 3;
        int each = 10;
        var running = new ArrayList<Process>();
        for (int number = 0; number < processes; number++) {
            running.add(writer(path, number, each));
        }
        for (var process : running) {
            assertThat(process.waitFor()).isZero();
        }

        assertThat(new FileStore(file(), identity.secretKey(), InstantSource.system())
                        .read(path)
                        .version())
                .isEqualTo((long) processes * each);
    }

    private Path identityFile() throws IOException {
        return Files.writeString(
                folder.resolve("identity.txt"), identity.secretKey().<String>reveal(key -> key));
    }

    /// A process that publishes as often as that.
    private Process writer(StorePath path, int number, int times) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FileStoreWriter.class.getName(),
                        file().toString(),
                        identityFile().toString(),
                        path.value(),
                        String.valueOf(number),
                        String.valueOf(times))
                .inheritIO()
                .start();
    }

    @Test
    void aWriterThatIsKilledLeavesTheOldOrTheNew() throws Exception {
        var path = newPath();
        var system = new FileStore(file(), identity.secretKey(), InstantSource.system());
        long before = 0;
        for (int round = 0; round < 3; round++) {
            var process = writer(path, round, 100_000);
            while (system.read(path).version() < before + 2) {
                assertThat(process.isAlive()).isTrue();
                Await.pause();
            }
            process.destroyForcibly().waitFor();

            var current = system.read(path);
            assertThat(current.version()).isGreaterThanOrEqualTo(before + 2);
            assertThat(publish(system, path, Publications.lease("after-" + round), current.version()))
                    .isEqualTo(new Published(current.version() + 1));
            before = current.version() + 1;
        }
    }

    /// A file that may not grow is to a writer what a full disk is: it ends in the middle of a write.
    @Test
    void whereThereIsNoSpaceLeftWhatWasThereStays() throws Exception {
        var path = newPath();
        var system = new FileStore(file(), identity.secretKey(), InstantSource.system());
        publish(system, path, Publications.lease("before"), 0);
        publish(system, newPath(), Publications.lease("x".repeat(4096)), 0);
        var before = Files.readAllBytes(file());

        var process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -f 4; trap '' XFSZ; exec \"$@\"",
                        "writer",
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FileStoreWriter.class.getName(),
                        file().toString(),
                        identityFile().toString(),
                        path.value(),
                        "full",
                        "1")
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(said)
                .contains("cannot be written (File too large); what was in it before is still there")
                .contains("check the space");
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
        try (var left = Files.list(folder)) {
            assertThat(left.map(one -> one.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            file().getFileName().toString(), file().getFileName() + ".lock", "identity.txt");
        }
    }

    private void encrypt(String text) throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var channel = new StandardEncryptingChannelFactory()
                .newEncryptingChannel(Channels.newChannel(bytes), List.of(identity.sealing()))) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        }
        Files.write(file(), bytes.toByteArray());
    }

    @Test
    void onlyWhatAKilledRunLeftBehindIsRemoved() throws IOException {
        var backup = Files.writeString(file().resolveSibling("." + file().getFileName() + ".backup"), "precious");
        var leftover = Files.writeString(file().resolveSibling("." + file().getFileName() + ".123.tmp"), "half");

        publish(store(), new StorePath("a/b"), lease(), 0);

        assertThat(backup).hasContent("precious");
        assertThat(leftover).doesNotExist();
    }
}
