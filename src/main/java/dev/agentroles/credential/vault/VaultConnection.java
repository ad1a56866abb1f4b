package dev.agentroles.credential.vault;

import dev.agentroles.access.Secret;
import dev.agentroles.problem.Failure;
import io.github.jopenlibs.vault.EnvironmentLoader;
import io.github.jopenlibs.vault.Vault;
import io.github.jopenlibs.vault.VaultConfig;
import io.github.jopenlibs.vault.VaultException;
import io.github.jopenlibs.vault.api.Logical;
import io.github.jopenlibs.vault.json.JsonArray;
import io.github.jopenlibs.vault.response.VaultResponse;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One server, reached and logged in to by the first call and not before: `java.net.http` costs a good part
/// of the program's start.
///
/// All calls use the driver as for engine version 1, which passes paths through. Its support for version 2
/// writes `data/` into the path by counting slashes, and so fails for a mount with a slash in its name.
final class VaultConnection implements AutoCloseable {
    /// The whole environment of the driver: nothing. Ours is read by [VaultEnvironment].
    private static final EnvironmentLoader NO_ENVIRONMENT = new EnvironmentLoader() {
        private static final long serialVersionUID = 1L;

        @Override
        public @Nullable String loadVariable(String name) {
            return null;
        }
    };

    private final VaultSettings settings;
    private final Refusals refusals;
    private @Nullable Session session;

    VaultConnection(VaultSettings settings) {
        this.settings = settings;
        this.refusals = new Refusals(settings);
    }

    /// A client, and who it is.
    private record Session(VaultWire wire, Logical logical) {}

    /// One call of the driver.
    @FunctionalInterface
    interface Call {
        VaultResponse on(Logical logical) throws VaultException;
    }

    /// An answer that means something: done, or 404 for a path that holds nothing.
    ///
    /// @throws Failure for every other answer, and if there is none
    Answer ask(Need need, Call call) {
        try {
            var answer = attempt(call);
            if (answer.isDone() || answer.isAbsent()) {
                return answer;
            }
            throw refusal(need, answer);
        } catch (VaultException e) {
            throw refusals.noAnswer(need.purpose(), e);
        }
    }

    /// Any answer, whatever its status. Logs in again if the token has died and a role id is there to get a
    /// new one.
    ///
    /// @throws VaultException if there was no answer; whether the call took effect is not known then
    Answer attempt(Call call) throws VaultException {
        var current = session();
        var answer = answer(current.logical(), call);
        if (answer.is(403)
                && settings.login() instanceof VaultSettings.Login.AppRole
                && Refusals.tokenIsDead(lookUpSelf(current.logical()))) {
            return answer(logInAgain(current).logical(), call);
        }
        return answer;
    }

    /// The words for an answer that is none of the expected. A 403 is looked into: two more calls.
    Failure refusal(Need need, Answer answer) {
        if (!answer.is(403)) {
            return refusals.refused(need, answer);
        }
        try {
            var logical = session().logical();
            var capabilities = answer(
                    logical,
                    to -> to.write("sys/capabilities-self", Map.of("paths", new JsonArray().add(need.path()))));
            return refusals.forbidden(need, lookUpSelf(logical), capabilities);
        } catch (VaultException e) {
            return refusals.noAnswer(need.purpose(), e);
        }
    }

    Failure noAnswer(Need need, VaultException cause) {
        return refusals.noAnswer(need.purpose(), cause);
    }

    @Override
    public synchronized void close() {
        if (session == null) {
            return;
        }
        var ending = session;
        session = null;
        try {
            if (settings.login() instanceof VaultSettings.Login.AppRole) {
                // Ours alone: without this, each run would leave a token behind until it expires.
                answer(ending.logical(), to -> to.write("auth/token/revoke-self", Map.of()));
            }
        } catch (VaultException e) {
            // The token ends by itself, and the run has its result.
        } finally {
            ending.wire().close();
        }
    }

    private synchronized Session session() throws VaultException {
        if (session != null) {
            return session;
        }
        var wire = new VaultWire(settings);
        try {
            var logical = logIn(wire);
            checkMount(logical);
            session = new Session(wire, logical);
            return session;
        } catch (VaultException | RuntimeException e) {
            wire.close();
            throw e;
        }
    }

    private synchronized Session logInAgain(Session dead) throws VaultException {
        if (session == null || session.equals(dead)) {
            session = new Session(dead.wire(), logIn(dead.wire()));
        }
        return session;
    }

    private Logical logIn(VaultWire wire) throws VaultException {
        return switch (settings.login()) {
            case VaultSettings.Login.Token(var token) -> logical(wire, Optional.of(token));
            case VaultSettings.Login.AppRole role -> logical(wire, Optional.of(newToken(wire, role)));
        };
    }

    private Secret newToken(VaultWire wire, VaultSettings.Login.AppRole role) throws VaultException {
        var path = "auth/" + role.mount() + "/login";
        var body = role.secretId()
                .reveal(secretId -> Map.<String, Object>of("role_id", role.roleId(), "secret_id", secretId));
        var answer = answer(logical(wire, Optional.empty()), to -> to.write(path, body));
        return Answer.text(Answer.child(answer.json(), "auth"), "client_token")
                .map(Secret::of)
                .orElseThrow(() -> refusals.loginRefused(role, answer));
    }

    /// On an engine of version 1, `secret/data/...` is a path like any other: the password would land
    /// there, without an expiry. Vault tells the version to everybody who may use the mount; who may not is
    /// told so by the next call.
    private void checkMount(Logical logical) throws VaultException {
        var answer = answer(logical, to -> to.read("sys/internal/ui/mounts/" + settings.mount()));
        if (!answer.is(200)) {
            return;
        }
        var type = Answer.text(answer.data(), "type").orElse("");
        var version =
                Answer.text(Answer.child(answer.data(), "options"), "version").orElse("1");
        if (!type.equals("kv") || !version.equals("2")) {
            throw refusals.wrongEngine(type.equals("kv") ? "KV version " + version : "\"" + type + "\"");
        }
    }

    private static Answer lookUpSelf(Logical logical) throws VaultException {
        return answer(logical, to -> to.read("auth/token/lookup-self"));
    }

    private static Answer answer(Logical logical, Call call) throws VaultException {
        try {
            return Answer.of(call.on(logical));
        } catch (VaultException e) {
            if (e.getHttpStatusCode() == 0) {
                throw e;
            }
            return Answer.of(e.getHttpStatusCode(), String.valueOf(e.getMessage()));
        } catch (StackOverflowError deep) {
            // The driver's parser recurses, and whoever may write a secret nests it as deep as its Vault allows.
            return Answer.of(200, "");
        }
    }

    private Logical logical(VaultWire wire, Optional<Secret> token) throws VaultException {
        var config = new VaultConfig()
                .environmentLoader(NO_ENVIRONMENT)
                .address(settings.address().toString())
                .readTimeout((int) settings.timeout().toSeconds())
                .httpClient(wire)
                .engineVersion(1);
        token.ifPresent(known -> known.reveal(config::token));
        return Vault.create(config.build()).withRetries(0, 0).logical();
    }
}
