package dev.agentroles.credential.vault;

import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import io.github.jopenlibs.vault.VaultException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/// Words for what Vault refuses and for what does not reach it: whose fault, where, and what to do. Of a
/// body only the member `errors` is repeated, which never holds what was sent.
final class Refusals {
    private final VaultSettings settings;
    private final String address;

    Refusals(VaultSettings settings) {
        this.settings = settings;
        this.address = settings.address().toString();
    }

    /// Vault says this, and no more, of a token that is unknown, expired or missing; of one that may not,
    /// it says `1 error occurred:` first.
    static boolean tokenIsDead(Answer lookupSelf) {
        return lookupSelf.is(403) && lookupSelf.errors().stream().noneMatch(error -> error.contains("error occurred"));
    }

    Failure refused(Need need, Answer answer) {
        var said = String.join("; ", answer.errors()).strip();
        var could = "cannot " + need.purpose() + ": ";
        // Vault gives a reason with each 400; a TLS listener's answer to plain HTTP is not Vault's and is no JSON.
        if (answer.is(400) && said.isEmpty() && "http".equals(settings.address().getScheme())) {
            return failure(could + address + " speaks HTTPS", "write its address with https://");
        }
        if (answer.is(307) || (answer.is(500) && said.contains("active cluster node"))) {
            return failure(
                    could + "the Vault node at " + address + " has no active node to turn to",
                    "wait until the cluster has elected one, and run it again");
        }
        return switch (answer.status()) {
            case 200, 204 ->
                failure(
                        could + "the answer of " + address + " is not that of a KV version 2 secrets engine",
                        "check that the address is Vault's own and that no proxy answers in its place");
            case 404 -> absent(could, said);
            case 429 ->
                failure(
                        could + "Vault at " + address + " asks to slow down, or is a standby that lags behind",
                        "wait a moment and run it again");
            case 501 -> failure(could + "Vault at " + address + " is not initialised", "initialise and unseal it");
            case 503 -> failure(could + "Vault at " + address + " is sealed or not ready", "unseal it, run it again");
            default ->
                failure(
                        could + "Vault at " + address + " answered " + answer.status()
                                + (said.isEmpty() ? "" : " (" + said.replace("\n", " ") + ")"),
                        "look at Vault's log");
        };
    }

    private Failure absent(String could, String said) {
        if (said.contains("namespace")) {
            return failure(
                    could + "there is no namespace \"" + settings.namespace().orElse("") + "\" in Vault at " + address,
                    "check vault.namespace in the profile, BAO_NAMESPACE and VAULT_NAMESPACE");
        }
        return failure(
                could + "nothing is mounted at \"" + settings.mount() + "\" in Vault at " + address + inNamespace(),
                "mount one: bao secrets enable -path=" + settings.mount() + " kv-v2");
    }

    /// @param capabilities Vault's answer about the path of the need
    Failure forbidden(Need need, Answer lookupSelf, Answer capabilities) {
        var could = "cannot " + need.purpose() + ": ";
        if (tokenIsDead(lookupSelf)) {
            return failure(
                    could + "Vault at " + address + inNamespace()
                            + " does not know the token: it is wrong, has expired or was revoked, or belongs to"
                            + " another namespace",
                    "log in again (bao login) or check BAO_TOKEN, VAULT_TOKEN and ~/.vault-token");
        }
        var held = Answer.texts(capabilities.data().get(need.path()));
        var missing = need.capabilities().stream()
                .filter(capability -> !held.contains(capability))
                .map(capability -> "\"" + capability + "\"")
                .toList();
        var policies = Answer.texts(lookupSelf.data().get("policies"));
        var whose = policies.isEmpty()
                ? "the token's policies"
                : "the token's policies (" + String.join(", ", policies) + ")";
        if (missing.isEmpty()) {
            return failure(
                    could + "Vault at " + address + inNamespace() + " answers 403 on " + need.path() + " although "
                            + whose + " allow it",
                    "look for allowed_parameters, required_parameters or a control group on that path");
        }
        return failure(
                could + whose + " in Vault at " + address + inNamespace() + " lack " + String.join(", ", missing)
                        + " on " + need.path(),
                "add to a policy of the token:\n" + need.policyLine());
    }

    Failure loginRefused(VaultSettings.Login.AppRole role, Answer answer) {
        var could =
                "cannot log in to Vault at " + address + inNamespace() + " with the AppRole at auth/" + role.mount();
        var said = String.join("; ", answer.errors()).strip().replace("\n", " ");
        return switch (answer.status()) {
            case 400 ->
                failure(
                        could + ": the role id or the secret id is wrong, used up or has expired",
                        "issue a new secret id: bao write -f auth/" + role.mount() + "/role/NAME/secret-id");
            case 403, 404 ->
                failure(
                        could + ": there is no such login, or it may not be used (" + said + ")",
                        "bao auth list shows what is mounted; check the namespace");
            default ->
                refused(
                        Need.of("log in to Vault with the AppRole at auth/" + role.mount(), "auth/" + role.mount()),
                        answer);
        };
    }

    Failure wrongEngine(String what) {
        return failure(
                "the mount \"" + settings.mount() + "\" of Vault at " + address + inNamespace() + " is " + what
                        + ", and leases need KV version 2 for check-and-set and expiry",
                "name another mount, or make one: bao secrets enable -path=NAME kv-v2; an engine of version 1 is"
                        + " upgraded by bao kv enable-versioning " + settings.mount());
    }

    Failure noAnswer(String purpose, VaultException cause) {
        var could = "cannot " + purpose + ": ";
        var problem = tls(cause)
                .or(() -> network(cause))
                .orElseGet(
                        () -> Problem.of("the connection to Vault at " + address + " broke before there was an answer")
                                .remedy("run it again: it reads what is there and goes on" + orHttps()));
        return new Failure(Exit.ERROR, new Problem(Optional.empty(), could + problem.what(), problem.remedy()), cause);
    }

    /// A server that speaks TLS answers plain HTTP with words, or hangs up before they have arrived.
    private String orHttps() {
        return "http".equals(settings.address().getScheme())
                ? "; if it happens again, write its address with https://"
                : "";
    }

    private Optional<Problem> tls(Throwable thrown) {
        return find(thrown, SSLException.class).map(cause -> {
            var said = wholeText(cause);
            if (said.contains("PKIX") || said.contains("unable to find valid certification path")) {
                return Problem.of("the certificate of Vault at " + address + " is not signed by an authority that is"
                                + " trusted here (" + trusted() + ")")
                        .remedy("name its CA: vault.ca_file in the profile, BAO_CACERT or VAULT_CACERT");
            }
            if (said.contains("No subject alternative") || said.contains("No name matching")) {
                return Problem.of("the certificate of Vault at " + address + " is for another name (" + said + ")")
                        .remedy("use the name that stands in the certificate as address");
            }
            if (said.contains("recognized SSL message") || said.contains("terminated the handshake")) {
                return Problem.of(address + " does not speak TLS, or broke it off")
                        .remedy("write its address with http:// if it is meant to be without TLS");
            }
            return Problem.of("TLS with Vault at " + address + " failed (" + said + ")")
                    .remedy("look at its certificate: openssl s_client -connect HOST:PORT");
        });
    }

    private Optional<Problem> network(Throwable cause) {
        if (find(cause, HttpTimeoutException.class).isPresent()) {
            return Optional.of(Problem.of("Vault at " + address + " gave no answer within "
                            + settings.timeout().toSeconds() + " s")
                    .remedy("check that it runs and that no firewall is between"));
        }
        if (find(cause, UnresolvedAddressException.class).isPresent()
                || find(cause, UnknownHostException.class).isPresent()) {
            return Optional.of(Problem.of("the host of Vault's address " + address + " is not known")
                    .remedy("check vault.address in the profile, BAO_ADDR and VAULT_ADDR"));
        }
        return find(cause, ConnectException.class)
                .map(refused -> Problem.of("nothing answers at Vault's address " + address)
                        .remedy("start Vault, or check vault.address in the profile, BAO_ADDR and VAULT_ADDR"));
    }

    private String trusted() {
        return settings.caFile().map(file -> "those in " + file).orElse("those of the Java runtime");
    }

    private String inNamespace() {
        return settings.namespace().map(name -> " (namespace " + name + ")").orElse("");
    }

    private static String wholeText(Throwable thrown) {
        var text = new StringBuilder(String.valueOf(thrown.getMessage()));
        for (var cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
            text.append(": ").append(cause.getMessage());
        }
        return text.toString();
    }

    private static <T extends Throwable> Optional<T> find(Throwable thrown, Class<T> type) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
        }
        return Optional.empty();
    }

    private static Failure failure(String what, String remedy) {
        return Failure.error(Problem.of(what).remedy(remedy));
    }
}
