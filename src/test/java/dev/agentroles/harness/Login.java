package dev.agentroles.harness;

import dev.agentroles.access.Secret;

/// Who logs in.
public record Login(String username, Secret password) {
    /// The password itself: to hand to a driver, or to look for where it must not be.
    public String clear() {
        return password.reveal(text -> text);
    }
}
