package dev.agentroles.engine.mysql;

import dev.agentroles.access.Privilege;
import dev.agentroles.access.Tier;
import dev.agentroles.engine.Promises.Answer;
import java.util.List;
import java.util.Set;

/// What each tier gives on the tables of its scope: what the resolver grants, and what `agentroles tiers`
/// prints.
final class TierPrivileges {
    private static final List<Privilege> READ = List.of(Privilege.SELECT);
    private static final List<Privilege> CHANGE =
            List.of(Privilege.SELECT, Privilege.INSERT, Privilege.UPDATE, Privilege.DELETE);

    private TierPrivileges() {}

    static List<Privilege> onTables(Tier tier) {
        return switch (tier) {
            case EXPLORE, WRITER -> READ;
            case DDL_DENIED -> CHANGE;
        };
    }

    static List<Privilege> onViews() {
        return READ;
    }

    /// @param tiers that the engine can hold an agent to
    static Answer answer(Tier tier, Privilege privilege, Set<Tier> tiers) {
        if (!tiers.contains(tier)) {
            return Answer.UNAVAILABLE;
        }
        if (tier == Tier.WRITER && (privilege == Privilege.UPDATE || privilege == Privilege.DELETE)) {
            return Answer.GUARDED;
        }
        if (tier == Tier.WRITER && privilege == Privilege.INSERT) {
            return Answer.YES;
        }
        return onTables(tier).contains(privilege) ? Answer.YES : Answer.NO;
    }
}
