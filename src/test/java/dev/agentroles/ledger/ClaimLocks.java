package dev.agentroles.ledger;

/// The server's locks behind claims, for tests in which somebody else takes one.
public final class ClaimLocks {
    private ClaimLocks() {}

    /// Of whoever rotates an agent's login. PostgreSQL has it as an advisory lock.
    public static long ofAgent(String agent) {
        return Claims.agentKey(agent);
    }

    /// Of whoever runs a change request.
    public static long ofChange(long id) {
        return Claims.changeKey(id);
    }

    /// How `claim-alone.sql` calls it where locks have names.
    public static String onMySql(long key) {
        return "agentroles.alone." + key;
    }
}
