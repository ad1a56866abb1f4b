package dev.agentroles.engine.postgres;

import dev.agentroles.access.Privilege;
import dev.agentroles.access.Tier;
import dev.agentroles.engine.Promises.Answer;
import java.util.List;

/// What each tier gives on the tables of its scope: what the resolver grants, and what `agentroles tiers`
/// prints.
final class TierPrivileges {
    private static final List<Privilege> READ = List.of(Privilege.SELECT);
    private static final List<Privilege> CHANGE =
            List.of(Privilege.SELECT, Privilege.INSERT, Privilege.UPDATE, Privilege.DELETE);

    private TierPrivileges() {}

    /// On tables and partitioned tables; on views and foreign tables every tier reads.
    static List<Privilege> onTables(Tier tier) {
        return switch (tier) {
            case EXPLORE -> READ;
            case WRITER, DDL_DENIED -> CHANGE;
        };
    }

    /// On tables that somebody makes later: there is no guard on them, so a writer changes none of their rows.
    static List<Privilege> onLaterTables(Tier tier) {
        return tier == Tier.WRITER ? List.of(Privilege.SELECT, Privilege.INSERT) : onTables(tier);
    }

    static List<Privilege> onViews() {
        return READ;
    }

    /// Whether rows can be made, so that the sequences behind serial columns are needed.
    static boolean inserts(Tier tier) {
        return onTables(tier).contains(Privilege.INSERT);
    }

    static Answer answer(Tier tier, Privilege privilege) {
        boolean changes = privilege == Privilege.UPDATE || privilege == Privilege.DELETE;
        if (tier == Tier.WRITER && changes) {
            return Answer.GUARDED;
        }
        return onTables(tier).contains(privilege) ? Answer.YES : Answer.NO;
    }
}
