package dev.agentroles.profile;

import dev.agentroles.problem.Position;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Reads the entries of `databases`.
final class DatabaseReader {
    /// Sixty characters are what every server of the family keeps.
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:_%/-]{1,60}");

    /// The kinds of keys that a signature is verified of.
    private static final Pattern APPROVER =
            Pattern.compile("(ssh-ed25519|sk-ssh-ed25519@openssh\\.com|ecdsa-sha2-nistp256|"
                    + "sk-ecdsa-sha2-nistp256@openssh\\.com|ssh-rsa) [A-Za-z0-9+/]{40,2000}={0,2} \\S.{0,99}");

    private static final List<String> TLS = List.of("verified", "unverified");

    private final Map<String, EngineTerms> engines;
    private final Problems problems;

    DatabaseReader(Map<String, EngineTerms> engines, Problems problems) {
        this.engines = engines;
        this.problems = problems;
    }

    Profile.DatabaseEntry read(String name, Item item) {
        var fields = Fields.of(item, Form.DATABASE);
        var engine = fields.read("engine", word -> word.word("engine", new TreeSet<>(engines.keySet())));
        var terms = engine.map(engines::get);
        var tls = tls(fields);
        var nowhere = new Value.Env("", item.at());
        var admin = fields.find("admin").map(entry -> Fields.of(entry, Form.ADMIN));
        return new Profile.DatabaseEntry(
                name,
                engine.orElse(""),
                fields.read("url", url -> url(url, terms, tls)).orElse(nowhere),
                fields.find("agent_url").flatMap(url -> url(url, terms, tls)),
                admin.flatMap(entry -> entry.read("username", ValueReader::value))
                        .orElse(nowhere),
                admin.flatMap(entry -> entry.read("password", ValueReader::secret))
                        .orElse(nowhere),
                fields.find("identity").map(DatabaseReader::identities).orElse(List.of()),
                fields.find("harden").map(words -> harden(words, engine, terms)).orElse(List.of()),
                fields.find("hosts").map(names -> hosts(names, engine, terms)).orElse(List.of()),
                fields.find("expiry_event").flatMap(wish -> expiryEvent(wish, engine, terms)),
                tls,
                fields.find("changes").map(DatabaseReader::changes),
                item.keyAt());
    }

    private static Profile.Changes changes(Item item) {
        var fields = Fields.of(item, Form.CHANGES);
        var nowhere = new Value.Env("", item.at());
        return new Profile.Changes(
                fields.read("username", ValueReader::value).orElse(nowhere),
                fields.read("password", ValueReader::secret).orElse(nowhere),
                fields.read("lock_timeout", Item::duration).orElse(Profile.Changes.LOCK_TIMEOUT),
                fields.read("statement_timeout", Item::duration).orElse(Profile.Changes.STATEMENT_TIMEOUT),
                fields.read("approval", Item::duration).orElse(Profile.Changes.APPROVAL),
                fields.find("approvers").map(DatabaseReader::approvers).orElse(List.of()),
                item.keyAt());
    }

    private static List<Profile.Approver> approvers(Item item) {
        return item.list().stream().flatMap(key -> approver(key).stream()).toList();
    }

    private static Optional<Profile.Approver> approver(Item item) {
        return item.text(APPROVER, "a public key of OpenSSH, as ssh-ed25519 AAAA... alice@example.com")
                .map(line -> line.split(" ", 3))
                .map(fields -> new Profile.Approver(fields[1], fields[2], item.at()));
    }

    private static List<Value> identities(Item item) {
        var each = item.isList() ? item.list() : List.of(item);
        return each.stream().flatMap(one -> ValueReader.value(one).stream()).toList();
    }

    private static Profile.Tls tls(Fields fields) {
        return fields.read("tls", word -> word.word("kind of tls", TLS))
                .map(word -> word.equals("unverified") ? Profile.Tls.UNVERIFIED : Profile.Tls.VERIFIED)
                .orElse(Profile.Tls.VERIFIED);
    }

    private Optional<Value> url(Item item, Optional<EngineTerms> terms, Profile.Tls tls) {
        var url = ValueReader.value(item);
        if (terms.isPresent() && url.orElse(null) instanceof Value.Literal(var text, var at)) {
            problems.addAll(terms.get().url().check(text, tls, at));
        }
        return url;
    }

    /// Names of hosts have no case, and servers keep them in lower case.
    private List<Profile.Host> hosts(Item item, Optional<String> engine, Optional<EngineTerms> terms) {
        if (terms.isPresent() && !terms.get().hosts()) {
            problems.add(
                    item.keyAt(),
                    "logins of " + engine.orElseThrow() + " do not say from where they may come",
                    "leave hosts out; the server's own configuration decides it");
            return List.of();
        }
        var hosts = new ArrayList<Profile.Host>();
        var seen = new HashSet<String>();
        for (var entry : item.list()) {
            entry.text(HOST, "a host: a name or address, with % for any rest, or an address/netmask")
                    .map(host -> host.toLowerCase(Locale.ROOT))
                    .ifPresent(host -> {
                        if (!seen.add(host)) {
                            problems.add(entry.at(), Quoted.of(host) + " is there twice");
                        }
                        hosts.add(new Profile.Host(host, entry.at()));
                    });
        }
        return hosts;
    }

    private Optional<Position> expiryEvent(Item item, Optional<String> engine, Optional<EngineTerms> terms) {
        if (terms.isPresent() && terms.get().keepsExpiry()) {
            problems.add(
                    item.keyAt(),
                    engine.orElseThrow() + " refuses a login after its end without any event",
                    "leave expiry_event out");
            return Optional.empty();
        }
        return item.truth().filter(wanted -> wanted).map(_ -> item.keyAt());
    }

    private List<Profile.Hardening> harden(Item item, Optional<String> engine, Optional<EngineTerms> terms) {
        var cures = new ArrayList<Profile.Hardening>();
        var seen = new HashSet<String>();
        for (var entry : item.list()) {
            var word = terms.isEmpty()
                    ? entry.text()
                    : entry.word(
                            "hardening of " + engine.orElseThrow(),
                            new TreeSet<>(terms.get().hardening()));
            word.ifPresent(known -> {
                if (!seen.add(known)) {
                    problems.add(entry.at(), Quoted.of(known) + " is there twice");
                }
                cures.add(new Profile.Hardening(known, entry.at()));
            });
        }
        return cures;
    }
}
