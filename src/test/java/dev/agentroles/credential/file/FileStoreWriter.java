package dev.agentroles.credential.file;

import static dev.agentroles.credential.Publications.publish;

import dev.agentroles.access.Secret;
import dev.agentroles.credential.Publications;
import dev.agentroles.credential.SecretStore.Publication.Published;
import dev.agentroles.credential.StorePath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/// A process of its own that publishes again and again at one path, until it has won as often as it was
/// told to.
final class FileStoreWriter {
    private FileStoreWriter() {}

    /// @param arguments file, identity file, path, name of the writer, how often
    public static void main(String[] arguments) throws Exception {
        var identity = Secret.of(Files.readString(Path.of(arguments[1])));
        var path = new StorePath(arguments[2]);
        int wins = Integer.parseInt(arguments[4]);
        try (var store = new FileStore(Path.of(arguments[0]), identity, InstantSource.system())) {
            for (int won = 0; won < wins; ) {
                var lease = Publications.lease(arguments[3] + "-" + won);
                if (publish(store, path, lease, store.read(path).version()) instanceof Published) {
                    won++;
                }
            }
        }
    }
}
