package dev.agentroles.engine.mysql;

import dev.agentroles.engine.SqlTokens;
import dev.agentroles.engine.StatementForm.Effect;
import dev.agentroles.engine.StatementJudge;
import dev.agentroles.engine.StatementVerdict;

/// What the parts of an ALTER TABLE do (MySQL manual, 17.12.1).
final class AlterTable {
    private static final String COPIES =
            "the whole table may be written anew, and nobody writes to it meanwhile; ALGORITHM=INPLACE, LOCK=NONE is"
                    + " refused where that would be so";

    private AlterTable() {}

    /// @param tokens what comes behind the table's name
    static void judge(SqlTokens tokens, StatementVerdict verdict) {
        verdict.warn("it waits for every transaction that has used the table, and whoever comes later waits behind it");
        tokens.parts().forEach(part -> judgeOne(part, verdict));
    }

    private static void judgeOne(SqlTokens part, StatementVerdict verdict) {
        if (part.take("DROP")) {
            drop(part, verdict);
        } else if (part.at("MODIFY")
                || part.at("CHANGE")
                || part.at("CONVERT")
                || part.at("ENGINE")
                || part.at("ADD", "PRIMARY")
                || part.at("ORDER")
                || part.at("FORCE")
                || part.at("ROW_FORMAT")
                || part.at("PARTITION")
                || part.at("REMOVE")
                || part.at("ADD", "PARTITION")) {
            verdict.warn(COPIES);
        } else if (part.at("RENAME")) {
            verdict.warn(StatementJudge.OLD_NAME);
        } else if (part.at("DISCARD") || part.at("TRUNCATE")) {
            verdict.effect(Effect.DESTROYS).warn("every row of it goes");
        } else if (part.at("IMPORT") || part.at("EXCHANGE")) {
            verdict.effect(Effect.DESTROYS).warn("other rows take the place of those that are there");
        } else if (part.hasAnywhere("STORED") || part.hasAnywhere("PERSISTENT") || part.hasAnywhere("AUTO_INCREMENT")) {
            verdict.warn(COPIES);
        } else if (part.hasAnywhere("REFERENCES") || part.has("CHECK") || part.has("UNIQUE")) {
            verdict.warn("it looks at every row, and is refused if one does not fit");
        }
        verdict.warnIf(
                part.has("IF", "NOT", "EXISTS") || part.has("IF", "EXISTS"),
                "where the name is not as it says, nothing is done, and no error tells");
    }

    private static void drop(SqlTokens part, StatementVerdict verdict) {
        boolean structure = part.at("INDEX")
                || part.at("KEY")
                || part.at("CONSTRAINT")
                || part.at("CHECK")
                || part.at("FOREIGN")
                || part.at("PRIMARY");
        if (part.at("PRIMARY")) {
            verdict.warn(COPIES);
        }
        if (!structure) {
            verdict.effect(Effect.DESTROYS)
                    .warn(part.at("PARTITION") ? "every row of the partition goes" : "what is in the column is lost");
        }
    }
}
