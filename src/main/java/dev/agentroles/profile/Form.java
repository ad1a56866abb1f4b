package dev.agentroles.profile;

import java.util.List;
import java.util.stream.Stream;

/// The keys that each kind of mapping in a profile may have. The reader takes no other; a test holds
/// `profiles/profile.schema.json` to this table.
@SuppressWarnings("ImmutableEnumChecker") // List.of is immutable; the checker knows only Guava's lists.
enum Form {
    PROFILE(List.of("version", "environment", "databases", "scopes", "agents"), List.of("vault", "store", "waivers")),
    VAULT(List.of(), List.of("address", "namespace", "ca_file", "auth", "mount", "path")),
    TOKEN(List.of("method"), List.of("token")),
    APPROLE(List.of("method", "role_id", "secret_id"), List.of("mount")),
    STORE(List.of("file"), List.of()),
    FILE_STORE(List.of("path", "identity"), List.of()),
    DATABASE(
            List.of("engine", "url", "admin"),
            List.of("agent_url", "identity", "harden", "hosts", "expiry_event", "tls", "changes")),
    ADMIN(List.of("username", "password"), List.of()),
    CHANGES(List.of("username", "password"), List.of("lock_timeout", "statement_timeout", "approval", "approvers")),
    SCOPE(List.of("database", "include"), List.of("exclude", "future")),
    AGENT(List.of("access"), List.of("owner", "purpose", "lease", "request_changes")),
    ACCESS(
            List.of("scope", "tier"),
            List.of("rows", "rows_per_transaction", "whole_table", "rows_per_window", "window", "functions")),
    LEASE(List.of(), List.of("ttl", "overlap", "connections", "idle_timeout", "statement_timeout", "max_session")),
    WAIVER(List.of("finding", "reason", "by", "until"), List.of("database", "agent")),
    REFERENCE(List.of(), List.of("env", "file", "vault"));

    private final List<String> required;
    private final List<String> optional;

    Form(List<String> required, List<String> optional) {
        this.required = required;
        this.optional = optional;
    }

    List<String> required() {
        return required;
    }

    /// All keys, required ones first.
    List<String> keys() {
        return Stream.concat(required.stream(), optional.stream()).toList();
    }

    boolean has(String key) {
        return required.contains(key) || optional.contains(key);
    }
}
