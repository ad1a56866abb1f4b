package dev.agentroles.credential.file;

import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.problem.Shell;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// One writer at a time, among the threads of this process and among processes. The operating system gives
/// its lock back when a process ends, however it ends; it belongs to a process, so threads need one of
/// their own.
final class WriteLock {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    private final Path file;
    private final Path lockFile;
    private final ReentrantLock threads;

    /// @param file what is guarded; the lock is a file beside it, because the file itself is replaced
    WriteLock(Path file) {
        this.file = file;
        this.lockFile = file.resolveSibling(file.getFileName() + ".lock");
        this.threads = THREADS.computeIfAbsent(lockFile, path -> new ReentrantLock());
    }

    <T> T holding(Supplier<T> work) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            if (!threads.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                throw busy();
            }
            try (var channel = open()) {
                lock(channel, end);
                return work.get();
            } finally {
                threads.unlock();
            }
        } catch (IOException e) {
            throw new Failure(
                    Exit.ERROR,
                    Problem.of("the lock of the secret store cannot be taken: " + lockFile + " ("
                                    + e.getClass().getSimpleName() + ")")
                            .remedy("check that its folder exists and that you may write in it"),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(Exit.ERROR, Problem.of("interrupted while waiting for " + lockFile), e);
        }
    }

    /// Nothing is made beside what is no file.
    private FileChannel open() throws IOException {
        EncryptedFile.mustBeAFile(file);
        EncryptedFile.mustBeAFile(lockFile);
        return FileChannel.open(
                lockFile, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), EncryptedFile.OWNER_ONLY);
    }

    /// Locks until the channel is closed. The system's own waiting has no end in time, so we ask again.
    private void lock(FileChannel channel, long end) throws IOException, InterruptedException {
        while (channel.tryLock() == null) {
            if (System.nanoTime() > end) {
                throw busy();
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private Failure busy() {
        return Failure.error(
                Problem.of("another agentroles has held " + lockFile + " for more than " + PATIENCE.toSeconds() + " s")
                        .remedy("see who it is: fuser " + Shell.word(lockFile.toString())));
    }
}
