package dev.agentroles.engine;

/// Something whose text decides what an agent can do, although no privilege shows it: a view, a routine
/// that runs as its owner, a row security policy.
///
/// @param identity what it is and how it is called, stable: `view app.open_orders`
/// @param sha256 of its text, owner and options, in lower-case hexadecimal
public record Definition(String identity, String sha256) {}
