package dev.agentroles.ledger;

/// Who does something, for the journal.
///
/// @param databaseUser the administrator as the server knows it
/// @param operator the person or machine outside: `alice@runner-7`
public record Actor(String databaseUser, String operator) {}
