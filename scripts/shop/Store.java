import com.exceptionfactory.jagged.framework.stream.StandardDecryptingChannelFactory;
import com.exceptionfactory.jagged.x25519.X25519KeyPairGenerator;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaReaderFactory;
import com.grack.nanojson.JsonParser;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// As much of `age` as the demo needs, for machines without it.
///
/// ```
/// Store key                             prints a new identity
/// Store field FILE IDENTITY PATH NAME   opens the encrypted file and prints a field of the lease at PATH
/// ```
final class Store {
    private Store() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("key")) {
            System.out.println(new X25519KeyPairGenerator().generateKeyPair().getPrivate());
            return;
        }
        var identity = Files.readString(Path.of(arguments[2])).strip();
        try (var encrypted = Files.newByteChannel(Path.of(arguments[1]));
                var opened = new StandardDecryptingChannelFactory()
                        .newDecryptingChannel(
                                encrypted,
                                List.of(X25519RecipientStanzaReaderFactory.newRecipientStanzaReader(identity)))) {
            var text = new String(Channels.newInputStream(opened).readAllBytes(), StandardCharsets.UTF_8);
            System.out.println(JsonParser.object()
                    .from(text)
                    .getObject("secrets")
                    .getObject(arguments[3])
                    .getObject("lease")
                    .getString(arguments[4]));
        }
    }
}
