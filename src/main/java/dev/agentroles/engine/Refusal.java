package dev.agentroles.engine;

/// Why the guard refuses a writer's statement: SQLSTATE class `AR`, which is nobody else's. The code is the
/// constant's name; the words are those of `docs/guard.md`.
public enum Refusal {
    AR001("the text has no WHERE, or its WHERE looks at no column, or it cannot be read", "say which rows"),
    AR002(
            "more than `rows` rows in one statement, or in one message of several",
            "smaller steps, by ranges of the key"),
    AR003("more than `rows_per_transaction` rows in one transaction", "commit more often"),
    AR004("all rows of a table of more than `whole_table`", "say which rows"),
    AR005("more than `rows_per_window` rows within `window`", "wait"),
    AR006(
            "sent by code: a function, procedure, DO block, something in `pg_temp`; or the login owns code",
            "send the statement itself; drop the code"),
    AR007(
            "the guard cannot do its duty: no limits known, rows cannot be counted, a table that would change too has no"
                    + " guard",
            "ask the administrator: `agentroles apply`, `verify`");

    private final String because;
    private final String remedy;

    Refusal(String because, String remedy) {
        this.because = because;
        this.remedy = remedy;
    }

    /// What goes before it: `refused because ...`. Markdown.
    public String because() {
        return because;
    }

    /// What the agent should do. Markdown.
    public String remedy() {
        return remedy;
    }
}
