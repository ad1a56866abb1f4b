package dev.agentroles.engine.postgres;

import dev.agentroles.engine.SqlTokens;
import dev.agentroles.engine.StatementForm.Effect;
import dev.agentroles.engine.StatementJudge;
import dev.agentroles.engine.StatementVerdict;
import java.util.List;
import java.util.Set;

/// What the parts of an ALTER TABLE do (manual, ALTER TABLE, Notes).
final class AlterTable {
    private static final String EXCLUSIVE =
            "nobody reads or writes the table while it runs, nor while it waits for those who do";
    private static final String REWRITES = "the whole table may be written anew, under that lock";
    private static final String LOOKS = "it looks at every row, under that lock";

    /// Not volatile: a default of theirs is computed once.
    private static final Set<String> COMPUTED_ONCE = Set.of(
            "now",
            "current_timestamp",
            "localtimestamp",
            "statement_timestamp",
            "transaction_timestamp",
            "varchar",
            "char",
            "character",
            "varying",
            "numeric",
            "decimal",
            "bit",
            "timestamp",
            "timestamptz",
            "time",
            "interval",
            "float");

    private static final List<String> GENERATED_TYPES =
            List.of("SERIAL", "BIGSERIAL", "SMALLSERIAL", "SERIAL2", "SERIAL4", "SERIAL8");

    private AlterTable() {}

    /// @param tokens what comes behind the table's name
    static void judge(SqlTokens tokens, StatementVerdict verdict) {
        boolean gentle = true;
        for (var part : tokens.parts()) {
            gentle &= isGentle(part);
            judgeOne(part, verdict);
        }
        verdict.warnIf(!gentle, EXCLUSIVE);
    }

    /// Readers and writers go on.
    private static boolean isGentle(SqlTokens part) {
        return part.at("VALIDATE") || part.at("ATTACH") || part.at("CLUSTER") || part.has("SET", "STATISTICS");
    }

    private static void judgeOne(SqlTokens part, StatementVerdict verdict) {
        if (part.take("ADD")) {
            add(part, verdict);
        } else if (part.take("DROP")) {
            drop(part, verdict);
        } else if (part.take("ALTER")) {
            alter(part, verdict);
        } else if (part.take("DISABLE", "TRIGGER")) {
            verdict.unfitIf(
                            part.at("ALL") || part.at("USER"),
                            "it switches off every trigger, the guard of agentroles among them: name the trigger")
                    .warn("a trigger that is off checks and writes nothing");
        } else if (part.at("DISABLE", "RULE") || part.at("ENABLE", "REPLICA")) {
            verdict.warn("a trigger or rule that is off checks and writes nothing");
        } else if (part.take("DISABLE", "ROW") || part.take("NO", "FORCE")) {
            verdict.warn("ROW SECURITY OFF: whoever may read the table reads every row");
        } else if (part.take("DETACH", "PARTITION")) {
            part.takeName();
            if (part.has("CONCURRENTLY") || part.has("FINALIZE")) {
                verdict.alone();
            }
            verdict.warn("the parent does not show those rows any more");
        } else if (part.at("ATTACH") || part.at("INHERIT")) {
            verdict.warn("the parent shows those rows, to whoever may read the parent");
        } else if (part.take("SET")) {
            verdict.warnIf(
                    part.at("LOGGED") || part.at("UNLOGGED") || part.at("TABLESPACE") || part.at("ACCESS", "METHOD"),
                    REWRITES);
        }
    }

    private static void add(SqlTokens part, StatementVerdict verdict) {
        boolean constraint = part.at("CONSTRAINT")
                || part.at("CHECK")
                || part.at("UNIQUE")
                || part.at("PRIMARY", "KEY")
                || part.at("EXCLUDE")
                || part.at("FOREIGN", "KEY")
                || part.at("NOT", "NULL");
        if (constraint) {
            verdict.warnIf(!part.has("NOT", "VALID") && !part.has("USING", "INDEX"), LOOKS);
            verdict.warnIf(part.has("REFERENCES"), "nobody writes to the table that it references while it runs");
            return;
        }
        part.take("COLUMN");
        verdict.warnIf(part.take("IF", "NOT", "EXISTS"), "if the table has a column of that name, nothing is done");
        part.takeName();
        boolean rewrites = part.has("STORED")
                || part.has("AS", "IDENTITY")
                || GENERATED_TYPES.stream().anyMatch(part::has)
                || (part.has("DEFAULT") && part.callsOtherThan(COMPUTED_ONCE));
        verdict.warnIf(rewrites, REWRITES);
        verdict.warnIf(
                part.has("NOT", "NULL") && !part.has("DEFAULT") && !rewrites,
                "a NOT NULL column without a default is refused where the table has rows");
    }

    private static void drop(SqlTokens part, StatementVerdict verdict) {
        boolean constraint = part.take("CONSTRAINT");
        if (!constraint) {
            verdict.effect(Effect.DESTROYS).warn("what is in the column is lost");
        }
        verdict.warnIf(part.has("IF", "EXISTS"), StatementJudge.MAY_BE_MISSING);
        verdict.warnIf(part.has("CASCADE"), "CASCADE: whatever depends on it goes, too; a rehearsal says what that is");
    }

    private static void alter(SqlTokens part, StatementVerdict verdict) {
        part.take("COLUMN");
        part.takeName();
        if (part.at("TYPE") || part.at("SET", "DATA", "TYPE")) {
            verdict.warn(REWRITES).warn("its indexes may be built anew");
        } else if (part.at("SET", "NOT", "NULL")) {
            verdict.warn(LOOKS);
        } else {
            verdict.warnIf(part.has("RESTART"), StatementJudge.OTHER_NUMBERS);
        }
    }
}
