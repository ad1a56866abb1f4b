package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.credential.FaultPoints;
import dev.agentroles.credential.LeaseSecret;
import dev.agentroles.credential.SecretStore;
import dev.agentroles.credential.StorePath;
import dev.agentroles.credential.StorePolicies;
import dev.agentroles.credential.file.AgeIdentity;
import dev.agentroles.credential.file.FileStore;
import dev.agentroles.credential.vault.VaultEnvironment;
import dev.agentroles.credential.vault.VaultPolicies;
import dev.agentroles.credential.vault.VaultSettings;
import dev.agentroles.credential.vault.VaultStore;
import dev.agentroles.engine.mysql.MySqlEngine;
import dev.agentroles.engine.mysql.MySqlTerms;
import dev.agentroles.engine.postgres.PostgresEngine;
import dev.agentroles.engine.postgres.PostgresTerms;
import dev.agentroles.harness.AgeKeys;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.MySqlDatabase;
import dev.agentroles.profile.Profile;
import dev.agentroles.profile.Values;
import dev.agentroles.workspace.Workspace.KnownEngine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/// A person at a command line, in process: a directory with profiles, an environment, a database, and what the
/// program said and how it ended.
public final class Operator {
    /// What one command said, and how it ended.
    public record Said(int code, String out, String err) {
        public String all() {
            return out + err;
        }
    }

    private final Path directory;
    private final String engine;
    private final String database;
    private final Login administrator;
    private final AgeIdentity identity = AgeKeys.generate();
    private final Map<String, String> environment = new HashMap<>();
    private final Deque<String> answers = new ArrayDeque<>();
    private Optional<VaultSettings> vault = Optional.empty();
    private boolean terminal;
    private OptionalInt columns = OptionalInt.empty();
    private byte[] input = {};
    private InstantSource clock = InstantSource.system();
    private FaultPoints faults = FaultPoints.NONE;

    /// @param administrator whom the profiles log in as
    public Operator(Path directory, Database database, Login administrator) {
        this(directory, "postgresql", database.name(), database.url(), administrator);
    }

    public Operator(Path directory, MySqlDatabase database, Login administrator) {
        this(directory, database.server().release().engine(), database.name(), database.url(), administrator);
    }

    private Operator(Path directory, String engine, String database, String url, Login administrator) {
        this.directory = directory;
        this.engine = engine;
        this.database = database;
        this.administrator = administrator;
        environment.put("DB_URL", url);
        environment.put("DB_ADMIN", administrator.username());
        environment.put("DB_PASSWORD", administrator.clear());
        environment.put("AGE_IDENTITY", identity.secretKey().reveal(key -> key));
    }

    /// The head of a profile for this database; scopes and agents follow.
    public String head(String environmentName) {
        return """
            version: 1
            environment: %s
            %s
            databases:
              %s:
                engine: %s
                url: {env: DB_URL}
                admin: {username: {env: DB_ADMIN}, password: {env: DB_PASSWORD}}
            """.formatted(
                        environmentName,
                        vault.map(settings -> "vault: {mount: " + settings.mount() + "}")
                                .orElse("store: {file: {path: leases.age, identity: {env: AGE_IDENTITY}}}"),
                        database,
                        engine);
    }

    /// Publishes to a Vault from now on.
    void publishTo(VaultSettings settings) {
        vault = Optional.of(settings);
        environment.put("BAO_ADDR", settings.address().toString());
        if (settings.login() instanceof VaultSettings.Login.Token(var token)) {
            environment.put("BAO_TOKEN", token.reveal(text -> text));
        }
    }

    /// The same with a Vault, whose address and token come from the environment.
    String headWithVault(String environmentName, String mount) {
        return head(environmentName)
                .replace(
                        "store: {file: {path: leases.age, identity: {env: AGE_IDENTITY}}}",
                        "vault: {mount: " + mount + "}");
    }

    public void write(String file, String text) throws IOException {
        Files.writeString(directory.resolve(file), text);
    }

    /// What a file holds that was written before, by us or by a command.
    String read(String file) throws IOException {
        return Files.readString(directory.resolve(file));
    }

    /// Changes a file that was written before.
    void edit(String file, UnaryOperator<String> change) throws IOException {
        write(file, change.apply(read(file)));
    }

    void set(String variable, String value) {
        environment.put(variable, value);
    }

    void unset(String variable) {
        environment.remove(variable);
    }

    /// The variables, for a process of its own.
    public Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    void at(InstantSource time) {
        clock = time;
    }

    /// What happens at each step of a lease's life.
    void dieAt(FaultPoints points) {
        faults = points;
    }

    /// Trouble comes the first time that a step is done.
    void onceAt(FaultPoints.Point at, Runnable trouble) {
        var come = new AtomicBoolean();
        dieAt(point -> {
            if (point == at && come.compareAndSet(false, true)) {
                trouble.run();
            }
        });
    }

    Login administrator() {
        return administrator;
    }

    /// Sits down at a terminal and will give these answers.
    void answer(String... lines) {
        terminal = true;
        answers.addAll(List.of(lines));
    }

    /// Sits down at a terminal of that many columns.
    void look(int width) {
        terminal = true;
        columns = OptionalInt.of(width);
    }

    /// What the next commands find on standard input.
    void pipe(byte[] bytes) {
        input = bytes.clone();
    }

    public Said run(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int code;
        try (var outStream = new PrintStream(out, true, StandardCharsets.UTF_8);
                var errStream = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            code = run(outStream, errStream, arguments);
        }
        return new Said(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /// Runs a command that must end with this exit code.
    public Said ends(int code, String... arguments) {
        var said = run(arguments);
        assertThat(said.code()).as(said.all()).isEqualTo(code);
        return said;
    }

    /// For what does not end by itself.
    ///
    /// @return the exit code
    int run(PrintStream out, PrintStream err, String... arguments) {
        return Cli.run(world(out, err), List.of(arguments));
    }

    private World world(PrintStream out, PrintStream err) {
        return new World(
                new ByteArrayInputStream(input),
                out,
                err,
                terminal ? Optional.of(new Keyboard()) : Optional.empty(),
                name -> Optional.ofNullable(environment.get(name)),
                directory,
                "tester@test",
                "0-test",
                clock,
                new SecureRandom(),
                new TreeMap<>(Map.of(
                        "postgresql", new KnownEngine(new PostgresEngine(), PostgresTerms.TERMS),
                        "mysql", new KnownEngine(MySqlEngine.mysql(new SecureRandom()), MySqlTerms.MYSQL),
                        "mariadb", new KnownEngine(MySqlEngine.mariadb(), MySqlTerms.MARIADB))),
                new Opener(),
                faults,
                new Ending());
    }

    private final class Keyboard implements World.Terminal {
        @Override
        public Optional<String> ask(String question) {
            return Optional.ofNullable(answers.poll());
        }

        @Override
        public OptionalInt columns() {
            return columns;
        }
    }

    private final class Opener implements World.StoreOpener {
        @Override
        public SecretStore open(Profile profile, Values values) {
            return Operator.this.open(profile, values);
        }

        @Override
        public Optional<StorePolicies> policies(Profile profile) {
            return profile.store() instanceof Profile.VaultEntry entry
                    ? Optional.of(new VaultPolicies(entry.mount()))
                    : Optional.empty();
        }
    }

    private SecretStore open(Profile profile, Values values) {
        return switch (profile.store()) {
            case Profile.FileEntry file ->
                new FileStore(directory.resolve(file.path()), values.secret(file.identity()), clock);
            case Profile.VaultEntry entry -> vault.isPresent() ? store() : vaultOfTheEnvironment(entry);
        };
    }

    private SecretStore vaultOfTheEnvironment(Profile.VaultEntry entry) {
        var settings = new VaultEnvironment(name -> Optional.ofNullable(environment.get(name)), directory)
                .complete(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), entry.mount());
        return new VaultStore(settings, clock);
    }

    /// Where an agent of production finds its login.
    public StorePath path(String agent) {
        return new StorePath("agents/production/" + database + "/" + agent);
    }

    /// What stands there; empty if nothing is published.
    public Optional<LeaseSecret> secret(String agent) {
        try (var store = store()) {
            return store.read(path(agent)).held().map(SecretStore.Held::secret);
        }
    }

    /// The login that is published there.
    public Login published(String agent) {
        var secret = secret(agent).orElseThrow();
        return new Login(secret.username(), secret.password());
    }

    /// Where the profiles of [#head] publish to.
    public SecretStore store() {
        return vault.<SecretStore>map(settings -> new VaultStore(settings, clock))
                .orElseGet(() -> new FileStore(directory.resolve("leases.age"), identity.secretKey(), clock));
    }
}
