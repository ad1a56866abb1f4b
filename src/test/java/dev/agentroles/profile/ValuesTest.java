package dev.agentroles.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.access.Secret;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Position;
import dev.agentroles.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ValuesTest {
    private static final Position AT = new Position("shop.yaml", 7, 15);

    @TempDir
    private Path directory;

    private final List<Problem> notices = new ArrayList<>();
    private Values values;

    @BeforeEach
    void takeVariablesFilesAndAStore() {
        var environment = Map.of("PASSWORD", "sesame", "EMPTY", "", "URL", "jdbc:mysql://db/shop");
        values = new Values(
                name -> Optional.ofNullable(environment.get(name)),
                directory,
                (path, field) -> path.equals("ops/shop") && field.equals("password")
                        ? Optional.of(Secret.of("from the store"))
                        : Optional.empty(),
                notices::add);
    }

    @Test
    void aLiteralIsItself() {
        assertThat(values.text(new Value.Literal("provisioner", AT))).isEqualTo("provisioner");
    }

    @Test
    void aSecretComesFromTheEnvironment() {
        assertThat(revealed(new Value.Env("PASSWORD", AT))).isEqualTo("sesame");
    }

    @Test
    void aSecretComesFromTheStore() {
        assertThat(revealed(new Value.Vault("ops/shop", "password", AT))).isEqualTo("from the store");
    }

    @Test
    void oneNewlineAtTheEndOfAFileIsNotPartOfTheSecret() throws IOException {
        write("unix", "sesame\n", "rw-------");
        write("windows", "sesame\r\n", "rw-------");
        write("two", "sesame\n\n", "rw-------");

        assertThat(revealed(new Value.File("unix", AT))).isEqualTo("sesame");
        assertThat(revealed(new Value.File("windows", AT))).isEqualTo("sesame");
        assertThat(revealed(new Value.File("two", AT))).isEqualTo("sesame\n");
        assertThat(notices).isEmpty();
    }

    @Test
    void aSecretThatEverybodyCanReadIsANotice() throws IOException {
        write("open", "sesame", "rw-r--r--");

        assertThat(revealed(new Value.File("open", AT))).isEqualTo("sesame");
        assertThat(notices)
                .extracting(Problem::toString)
                .containsExactly("shop.yaml:7:15: the secret in the file \"open\" can be read by every user of this"
                        + " machine; chmod 600 it");
    }

    @Test
    void aSecretThatItsGroupCanReadIsANotice() throws IOException {
        write("open", "sesame", "rw-r-----");

        assertThat(revealed(new Value.File("open", AT))).isEqualTo("sesame");
        assertThat(notices)
                .extracting(Problem::toString)
                .containsExactly(
                        "shop.yaml:7:15: the secret in the file \"open\" can be read by its group; chmod 600 it");
    }

    @Test
    void aKeyThatOthersCanReadIsRefused() throws IOException {
        write("open", "AGE-SECRET-KEY-1", "rw-r-----");

        assertThatThrownBy(() -> values.key(new Value.File("open", AT)))
                .isInstanceOf(Failure.class)
                .hasMessage("shop.yaml:7:15: the key in the file \"open\" can be read by its group; chmod 600 it");
    }

    @Test
    void whatIsNotThereIsToldAtItsLine() throws IOException {
        write("empty", "\n", "rw-------");
        write("large", "x".repeat(70_000), "rw-------");
        Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});

        assertThat(List.of(
                        failureOf(new Value.Env("PASSWROD", AT)),
                        failureOf(new Value.Env("EMPTY", AT)),
                        failureOf(new Value.File("missing", AT)),
                        failureOf(new Value.File("empty", AT)),
                        failureOf(new Value.File("large", AT)),
                        failureOf(new Value.File("binary", AT)),
                        failureOf(new Value.File(".", AT)),
                        failureOf(new Value.File("empty/below", AT)),
                        failureOf(new Value.Vault("ops/shop", "pasword", AT))))
                .containsExactly(
                        "shop.yaml:7:15: the environment variable PASSWROD is not set",
                        "shop.yaml:7:15: the environment variable EMPTY is empty",
                        "shop.yaml:7:15: the file \"missing\" does not exist",
                        "shop.yaml:7:15: the file \"empty\" is empty",
                        "shop.yaml:7:15: the file \"large\" is larger than 64 KiB, which no value is",
                        "shop.yaml:7:15: the file \"binary\" is not UTF-8 text",
                        "shop.yaml:7:15: the file \".\" cannot be read: Is a directory",
                        "shop.yaml:7:15: the file \"empty/below\" cannot be read: Not a directory",
                        "shop.yaml:7:15: the store has no field pasword in a secret at ops/shop");
    }

    @Test
    void aUrlFromElsewhereIsHeldToTheSameRule() {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> values.url(new Value.Env("URL", AT), Profile.Tls.VERIFIED, Readers.URL))
                .withMessage("shop.yaml:7:15: this URL does not begin with jdbc:postgresql:");
    }

    @Test
    void filesAreLookedForBesideTheProfile() {
        var profile = Readers.READER.read("profiles/shop.yaml", Samples.SMALL);

        assertThat(Values.directoryOf(profile, Path.of("/home/me"))).isEqualTo(Path.of("/home/me/profiles"));
    }

    private String revealed(Value.Reference reference) {
        return values.secret(reference).reveal(Function.identity());
    }

    private String failureOf(Value.Reference reference) {
        try {
            return "no failure: " + values.secret(reference);
        } catch (Failure e) {
            return e.problems().getFirst().toString();
        }
    }

    private void write(String name, String content, String permissions) throws IOException {
        var file = Files.writeString(directory.resolve(name), content, StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
