package dev.agentroles.engine;

/// How an agent asks for a schema change, in the SQL of its server.
///
/// @param request the call that asks, with `STATEMENT` and `REASON` where the texts belong
/// @param requests the call that lists what the agent has asked for, and what became of it
/// @param alone whether the first one ends an open transaction, as DDL does there
public record Asking(String request, String requests, boolean alone) {
    /// As many requests of one agent may be open.
    public static final int MOST_OPEN = 20;

    /// In bytes, whoever asks: the doors of the engines say the same (`change-door.sql`).
    public static final int LONGEST_STATEMENT = 65_536;

    /// In characters.
    public static final int LONGEST_REASON = 2_000;
}
